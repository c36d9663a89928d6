/** Random passwords of one cluster; never in plans or reports. */
export interface Credentials {
  /** PostgreSQL superuser `postgres`. */
  readonly superuserPassword: string;
  /** Role `replicator`, used by Patroni for streaming. */
  readonly replicationPassword: string;
  /** Role `dpg_bench`: owner of the benchmark's database objects; what agents log in as. */
  readonly clientPassword: string;
  /** The SCRAM verifier of clientPassword: what PostgreSQL and PgBouncer store of it. */
  readonly clientVerifier: string;
}
