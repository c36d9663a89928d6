import type { Micros } from "./clock.ts";

/** What one container used since the reading before, from its cgroup. */
export interface ContainerReading {
  readonly kind: "container";
  readonly node: string;
  /** Cores in use: CPU time per time. */
  readonly cpuCores: number;
  /** Its limit in cores; 0: none. */
  readonly cpuLimit: number;
  /** Share of the scheduler's periods in which it was throttled, 0..1. */
  readonly throttledShare: number;
  readonly memoryMb: number;
  /** 0: none. */
  readonly memoryLimitMb: number;
  readonly diskReadBytesPerSecond: number;
  readonly diskWriteBytesPerSecond: number;
  readonly networkReceivedBytesPerSecond: number;
  readonly networkSentBytesPerSecond: number;
}

/** The machine that carries the containers. */
export interface MachineReading {
  readonly kind: "machine";
  readonly cores: number;
  readonly busyCores: number;
  /** Cores idle while waiting for disks. */
  readonly ioWaitCores: number;
  /** Cores that the hypervisor gave to others. */
  readonly stolenCores: number;
}

/** One PgBouncer, from SHOW POOLS and SHOW STATS, over the clients' database. */
export interface PoolerReading {
  readonly kind: "pooler";
  readonly pgbouncer: string;
  readonly clientsActive: number;
  readonly clientsWaiting: number;
  readonly serversActive: number;
  readonly serversIdle: number;
  /** The pool's size: server connections at most. */
  readonly poolSize: number;
  /** How long the oldest waiting client has waited. Milliseconds. */
  readonly longestWaitMs: number;
  /** Mean wait of the clients for a server since the reading before. Milliseconds. */
  readonly meanWaitMs: number;
}

/** One PostgreSQL member: what its client backends were doing, and its counters' growth. */
export interface PostgresReading {
  readonly kind: "postgres";
  readonly member: string;
  readonly primary: boolean;
  readonly connections: number;
  readonly maxConnections: number;
  /**
   * Backends of the clients' role that were running a statement, by `type:event` of their wait; `CPU` when they waited
   * for nothing. The mean of several looks since the reading before.
   */
  readonly activeByWait: Readonly<Record<string, number>>;
  /** WAL written per second since the reading before. */
  readonly walBytesPerSecond: number;
  /** Checkpoints begun since the reading before. */
  readonly checkpoints: number;
}

/** One coordinator of a Citus cluster. Left out before the second reading, and where it cannot be asked. */
export interface CitusReading {
  readonly kind: "citus";
  readonly member: string;
  /** Sessions on any node that waited for a lock of another's (citus_lock_waits); null: not asked, as of a standby. */
  readonly lockWaits: number | null;
  /** The statement of one of these sessions, and what the session that it waited for was running. */
  readonly blocked: string | null;
  readonly blocking: string | null;
  /** Growth of this node's citus_stat_counters since the reading before; null: this version of Citus has none. */
  readonly perSecond: {
    readonly singleShardQueries: number;
    readonly multiShardQueries: number;
    /** Connections to workers: that were made, that could not be made, that were there already. */
    readonly connectionsMade: number;
    readonly connectionsFailed: number;
    readonly connectionsReused: number;
  } | null;
}

/** One reading on the recording's clock, about once a second while stages run. */
export type ResourceReading = { readonly atUs: Micros } & (
  ContainerReading | MachineReading | PoolerReading | PostgresReading | CitusReading
);

/** A row of pg_stat_statements over one stage, of one member. */
export interface StatementReading {
  readonly stage: number;
  readonly member: string;
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly rows: number;
  readonly walBytes: number;
}
