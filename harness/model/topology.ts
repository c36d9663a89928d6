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
 * The leader guard: one beside each member of etcd. Together they give up the leader key of a node that is gone, which Patroni
 * would keep until its lease ends. Only groups with synchronous replication are guarded.
 */
export interface GuardSpec {
  readonly enabled: boolean;
  /** A node that has given no sign of life for this long is gone, milliseconds, by each guard's own clock. */
  readonly goneAfterMs: number;
  /** How often each guard asks a leader for a sign of life, milliseconds; the other members less often. */
  readonly askEveryMs: number;
  /**
   * After a leader key was given up, that of the same group is left alone for this long, by etcd's clock. With Patroni's own
   * lease (20 s), a group fails over no more often than it could without guards.
   */
  readonly notTwiceWithinSeconds: number;
  /** Candidates are told to leave the old leader out when they ask each other, where one that hangs costs 2 s. */
  readonly skipOldLeader: boolean;
  /** Only writes down what it would have done. */
  readonly dryRun: boolean;
}

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
