/** How tables are spread over worker groups. `fdw`: hash partitions over postgres_fdw; `citus`: the extension Citus. */
export type ShardingDialect = (typeof shardingDialects)[number];
export const shardingDialects = ["none", "fdw", "citus"] as const;

/** Which vector extension the databases get. `ruvector` is built into a node image of its own. */
export type VectorDialect = (typeof vectorDialects)[number];
export const vectorDialects = ["none", "pgvector", "ruvector"] as const;

export type PoolMode = "session" | "transaction" | "statement";

/** Patroni's synchronous_mode: `off` asynchronous, `on` a named synchronous standby, `quorum` any of the standbys. */
export type SynchronousMode = "off" | "on" | "quorum";

/** The literal value of a PostgreSQL parameter, as it would stand in postgresql.conf. */
export type PostgresParameters = Readonly<Record<string, string | number | boolean>>;

export interface EtcdSpec {
  /** Members of the etcd cluster; 0 means the topology has no etcd (and so no Patroni). */
  readonly members: number;
  /** Raft heartbeat, milliseconds (etcd's default is 100). */
  readonly heartbeatIntervalMs: number;
  /** Raft election time-out, milliseconds (etcd's default is 1000). */
  readonly electionTimeoutMs: number;
}

/** The coordinators: the PostgreSQL group that clients talk to. */
export interface CoordinatorSpec {
  /** PostgreSQL nodes: one primary and members - 1 replicas. */
  readonly members: number;
  readonly synchronousMode: SynchronousMode;
}

/** Worker groups: each its own PostgreSQL group that holds shards. */
export interface WorkerSpec {
  /** Number of worker groups; 0 means no workers. */
  readonly groups: number;
  /** PostgreSQL nodes in each group: 1 is a worker without standby. */
  readonly membersPerGroup: number;
  /** Shards of each distributed table, over all groups together; no fewer than there are groups. */
  readonly shards: number;
  readonly synchronousMode: SynchronousMode;
  /**
   * Further groups, started and watched like the others, that hold no shards until a cluster operation takes them into
   * use: so that a cluster can grow while it is looked at.
   */
  readonly spareGroups: number;
  /**
   * Reads that enter by the read-only port go to the workers' standbys (`citus.use_secondary_nodes`), whose answers may be
   * older, and fail while a group has no standby. Only with sharding by Citus, and without PgBouncer.
   */
  readonly readFromStandbys: boolean;
}

/** Patroni's settings, named and measured as Patroni does; all times in seconds. */
export interface PatroniSpec {
  readonly ttl: number;
  readonly loopWait: number;
  readonly retryTimeout: number;
  /** How long a crashed primary may be restarted in place before the lock is given up; 0 fails over at once. */
  readonly primaryStartTimeout: number;
  /** Bytes of lag above which a replica is not promoted. */
  readonly maximumLagOnFailover: number;
  readonly failsafeMode: boolean;
  readonly usePgRewind: boolean;
  readonly useSlots: boolean;
  readonly restPort: number;
}

/**
 * pg_auto_failover in Patroni's place: a monitor that watches every group, and a keeper (pg_autoctl) beside each PostgreSQL.
 * Its own settings by its own names; the defaults are those of version 2.2.
 */
export interface PgAutoFailoverSpec {
  /** Only without etcd, and so without Patroni. */
  readonly enabled: boolean;
  /** Monitor: time from one round of health checks to the next, milliseconds (default 5000). */
  readonly healthCheckPeriodMs: number;
  /** Monitor: how long a connection may take, milliseconds (default 5000). */
  readonly healthCheckTimeoutMs: number;
  /** Monitor: further tries before a node counts as unhealthy (default 2, no fewer than 1). */
  readonly healthCheckMaxRetries: number;
  /** Monitor: time from a failed try to the next, milliseconds (default 2000). */
  readonly healthCheckRetryDelayMs: number;
  /** Monitor: a node is given up only if its keeper, too, has not reported for so long, milliseconds (default 20000). */
  readonly nodeConsideredUnhealthyTimeoutMs: number;
  /** Monitor: how long an old primary has to stop by itself before another takes writes, milliseconds (default 30000). */
  readonly primaryDemoteTimeoutMs: number;
  /** Monitor: nobody is failed over for so long after its own start, milliseconds (default 10000). */
  readonly startupGracePeriodMs: number;
  /** Keeper: a primary that has heard neither of the monitor nor of a standby for so long stops itself, seconds (default 20). */
  readonly networkPartitionTimeoutSeconds: number;
  /** Keeper: how many times a crashed PostgreSQL is started in place before the monitor is told (default 3). */
  readonly postgresqlRestartFailureMaxRetries: number;
  /** The same as a time, whichever is over first, seconds (default 20). */
  readonly postgresqlRestartFailureTimeoutSeconds: number;
  /** Where each coordinator answers HAProxy's HTTP checks: pg_auto_failover has no such interface of its own. */
  readonly checkPort: number;
}

export interface PostgresSpec {
  readonly port: number;
  readonly database: string;
  readonly maxConnections: number;
  /** Any further postgresql.conf parameter, by its own name. */
  readonly parameters: PostgresParameters;
}

export interface PgbouncerSpec {
  /** Fronts each coordinator with one PgBouncer; false means that HAProxy talks to PostgreSQL. */
  readonly enabled: boolean;
  readonly port: number;
  readonly poolMode: PoolMode;
  /** Server connections per user and database (default_pool_size). */
  readonly poolSize: number;
  readonly maxClientConnections: number;
  /** Seconds to wait before a failed server login is tried again; PgBouncer's default is 15. */
  readonly serverLoginRetry: number;
  /** Seconds; PgBouncer's default is 15. */
  readonly serverConnectTimeout: number;
  /** Seconds a query may wait for a server connection; PgBouncer's default is 120. */
  readonly queryWaitTimeout: number;
}

export interface HaproxySpec {
  readonly enabled: boolean;
  /** Port for reads and writes: routed to the primary coordinator. */
  readonly readWritePort: number;
  /** Port for reads: routed to the replicas (to the primary where there is no replica up). */
  readonly readOnlyPort: number;
  /** Health check interval, milliseconds. */
  readonly interMs: number;
  /** Health check interval while a server changes state, milliseconds (HAProxy: same as inter when not set). */
  readonly fastinterMs: number;
  /** Health check interval while a server is down, milliseconds (HAProxy: same as inter when not set). */
  readonly downinterMs: number;
  readonly fall: number;
  readonly rise: number;
  /** `on-marked-down shutdown-sessions`: end the sessions of a server that is marked down. */
  readonly shutdownSessionsWhenDown: boolean;
  readonly maxConnections: number;
}

/**
 * The leader guard: one beside each member of etcd. Together they delete the leader key of a node that is gone, which Patroni
 * would keep until its lease ends. Only groups with synchronous replication are guarded.
 */
export interface GuardSpec {
  readonly enabled: boolean;
  /** A node that has given no sign of life for this long is gone, milliseconds, by each guard's own clock. */
  readonly goneAfterMs: number;
  /** How often each guard asks a leader for a sign of life, milliseconds; the other members less often. */
  readonly askEveryMs: number;
  /**
   * After a leader key was deleted, that of the same group is left alone for this long, by etcd's clock. With Patroni's own
   * lease (20 s), a group fails over no more often than it could without guards.
   */
  readonly notTwiceWithinSeconds: number;
  /** The old leader is left out when candidates ask each other, where one that hangs costs 2 s. */
  readonly skipOldLeader: boolean;
  /** Only writes down what it would have done. */
  readonly dryRun: boolean;
}

/**
 * To a leader guard, a lease that was renewed this recently is a sign of life. Patroni renews the leader's every `loop_wait`, 1 s at the least;
 * etcd tells what remains of it in whole seconds.
 */
export const LEASE_FRESH_MS = 2000;

/** No leader guard, and the settings that one would have. */
export const noGuard: GuardSpec = {
  enabled: false,
  goneAfterMs: 3000,
  askEveryMs: 500,
  notTwiceWithinSeconds: 20,
  skipOldLeader: false,
  dryRun: false,
};

/** What one container of a component may use; 0 means no limit. */
export interface ResourceLimit {
  readonly cpus: number;
  readonly memoryMb: number;
}

export interface ResourceSpec {
  readonly coordinator: ResourceLimit;
  readonly worker: ResourceLimit;
}

/** A cluster's shape and configuration: pure data, complete (no hidden defaults), every field overridable by --set. */
export interface Topology {
  readonly name: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  readonly etcd: EtcdSpec;
  readonly coordinators: CoordinatorSpec;
  readonly workers: WorkerSpec;
  readonly patroni: PatroniSpec;
  readonly pgAutoFailover: PgAutoFailoverSpec;
  readonly guard: GuardSpec;
  readonly postgres: PostgresSpec;
  readonly pgbouncer: PgbouncerSpec;
  readonly haproxy: HaproxySpec;
  /** How tables are spread over worker groups. `fdw`: hash partitions over postgres_fdw; `citus`: the extension Citus. */
  readonly sharding: ShardingDialect;
  /** Which vector extension the databases get. */
  readonly vectors: VectorDialect;
  readonly resources: ResourceSpec;
}

/** pg_auto_failover's own settings; not used unless it is enabled. */
export const pgAutoFailoverDefaults: PgAutoFailoverSpec = {
  enabled: false,
  healthCheckPeriodMs: 5000,
  healthCheckTimeoutMs: 5000,
  healthCheckMaxRetries: 2,
  healthCheckRetryDelayMs: 2000,
  nodeConsideredUnhealthyTimeoutMs: 20_000,
  primaryDemoteTimeoutMs: 30_000,
  startupGracePeriodMs: 10_000,
  networkPartitionTimeoutSeconds: 20,
  postgresqlRestartFailureMaxRetries: 3,
  postgresqlRestartFailureTimeoutSeconds: 20,
  checkPort: 8008,
};

/** What fails a group over; null: nothing does. */
export function failoverManager({
  etcd,
  pgAutoFailover,
}: Pick<Topology, "etcd" | "pgAutoFailover">): "patroni" | "pg-auto-failover" | null {
  if (pgAutoFailover.enabled) return "pg-auto-failover";
  return etcd.members > 0 ? "patroni" : null;
}
