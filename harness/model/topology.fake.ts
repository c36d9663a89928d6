import { noGuard, pgAutoFailoverDefaults, type Topology } from "./topology.ts";

/** A topology's fields, each of which may be given in part. */
export type TopologyChanges = {
  readonly [Key in keyof Topology]?: Topology[Key] extends string ? Topology[Key] : Partial<Topology[Key]>;
};

/** A production-like topology for tests: 3 etcd, 3 coordinators, 4 worker groups of two, quick Patroni timing. */
export function fakeTopology(changes: TopologyChanges = {}): Topology {
  return {
    name: changes.name ?? "production",
    summary:
      changes.summary ??
      "3 etcd, 3 coordinators, 4 worker groups of primary and standby, PgBouncer, HAProxy.",
    etcd: { members: 3, heartbeatIntervalMs: 100, electionTimeoutMs: 1000, ...changes.etcd },
    coordinators: { members: 3, synchronousMode: "on", ...changes.coordinators },
    workers: {
      groups: 4,
      membersPerGroup: 2,
      shards: 8,
      synchronousMode: "off",
      spareGroups: 0,
      readFromStandbys: false,
      ...changes.workers,
    },
    patroni: {
      ttl: 20,
      loopWait: 1,
      retryTimeout: 3,
      primaryStartTimeout: 0,
      maximumLagOnFailover: 1_048_576,
      failsafeMode: false,
      usePgRewind: true,
      useSlots: true,
      restPort: 8008,
      ...changes.patroni,
    },
    pgAutoFailover: { ...pgAutoFailoverDefaults, ...changes.pgAutoFailover },
    guard: { ...noGuard, ...changes.guard },
    postgres: { port: 5432, database: "bench", maxConnections: 400, parameters: {}, ...changes.postgres },
    pgbouncer: {
      enabled: true,
      port: 6432,
      poolMode: "transaction",
      poolSize: 100,
      maxClientConnections: 1000,
      serverLoginRetry: 1,
      serverConnectTimeout: 3,
      queryWaitTimeout: 30,
      ...changes.pgbouncer,
    },
    haproxy: {
      enabled: true,
      readWritePort: 5432,
      readOnlyPort: 5433,
      interMs: 2000,
      fastinterMs: 500,
      downinterMs: 1000,
      fall: 3,
      rise: 1,
      shutdownSessionsWhenDown: true,
      maxConnections: 4000,
      ...changes.haproxy,
    },
    sharding: changes.sharding ?? "fdw",
    vectors: changes.vectors ?? "pgvector",
    resources: {
      coordinator: { cpus: 0, memoryMb: 0 },
      worker: { cpus: 0, memoryMb: 0 },
      ...changes.resources,
    },
  };
}
