import type { StagePhase } from "./benchmark.ts";
import type { Micros } from "./clock.ts";
import type { Phase } from "./plan.ts";

/** What one node of HAProxy's view of a server says. `UP`, `DOWN`, and the in-between states of HAProxy's own words. */
export type ProxyServerStatus = string;

/** A member's role as Patroni's REST API names it; `unreachable` when the API does not answer in time. */
export type MemberRole =
  "primary" | "replica" | "sync_standby" | "standby_leader" | "uninitialized" | "unreachable" | (string & {});

/**
 * Everything that happened in a run, besides samples, on one clock. Observers emit an event when what they watch
 * changes (and once at the start), not at every look.
 */
export type ClusterEvent = { readonly atUs: Micros } & (
  | EtcdEvent
  | PatroniEvent
  | MonitorEvent
  | HaproxyEvent
  | PgbouncerEvent
  | PostgresEvent
  | CitusEvent
  | AgentEvent
  | ObserverEvent
  | FaultEvent
  | RunEvent
);

/** `leaderless`: it answers and knows no leader, so that it can neither write nor renew a lease. */
export type EtcdState = "leader" | "follower" | "leaderless" | "unreachable";

type EtcdEvent =
  /** The leader key of a group was created or taken over. */
  | { readonly kind: "leader-key-set"; readonly group: string; readonly leader: string }
  /** The leader key of a group is gone: its lease ended or its owner gave it up. */
  | { readonly kind: "leader-key-gone"; readonly group: string; readonly leader: string | null }
  /**
   * Whom Patroni lets take a group's leader key where replication is synchronous, by its key `sync`: the leader, and the
   * standbys that it lists. It is written some time after PostgreSQL has its synchronous standbys. Not in older recordings.
   */
  | {
      readonly kind: "sync-key";
      readonly group: string;
      /** null: the key is gone, or names no leader. */
      readonly leader: string | null;
      readonly standbys: readonly string[];
    }
  /** The leader wrote its status: one turn of Patroni's loop (every loop_wait). */
  | { readonly kind: "loop-tick"; readonly group: string }
  /** What a member of etcd says of itself. Not in older recordings. */
  | {
      readonly kind: "etcd-member";
      readonly member: string;
      readonly state: EtcdState;
      /** Raft's term; null when it does not answer. */
      readonly term: number | null;
      /** Has it applied what the others have, but for the last moments? */
      readonly inSync: boolean;
    }
  /** The leader guards deleted the leader key of a node that they took to be gone; in a dry run they only wrote it down. */
  | {
      readonly kind: "leader-key-released";
      readonly group: string;
      readonly leader: string;
      /** The guard that did it. */
      readonly by: string;
      readonly why: string;
      readonly dryRun: boolean;
    }
  /** A leader guard looks at a group, or no longer. */
  | {
      readonly kind: "guard-state";
      readonly group: string;
      readonly guard: string;
      readonly watching: boolean;
    }
  /** After a release the leader guards leave the leader key of this group alone for a while (`guard.notTwiceWithinSeconds`). */
  | { readonly kind: "guards-resting"; readonly group: string; readonly resting: boolean }
  /** The observer lost (or regained) its own connection to etcd: what lies between was not seen. */
  | { readonly kind: "etcd-watch"; readonly connected: boolean; readonly reason: string | null };

interface PatroniEvent {
  readonly kind: "member-state";
  readonly group: string;
  readonly member: string;
  readonly role: MemberRole;
  /** Patroni's word: `running`, `streaming`, `starting`, `crashed`, `stopped`, ...; `unreachable` when it does not answer. */
  readonly state: string;
  readonly timeline: number | null;
}

/** What pg_auto_failover's monitor has in pgautofailover.node of one node. Absent where Patroni is in charge. */
interface MonitorEvent extends MonitoredNode {
  readonly kind: "monitored-node";
  readonly group: string;
  readonly member: string;
}

/** The words are pg_auto_failover's own: `primary`, `secondary`, `draining`, `report_lsn`, ... */
export interface MonitoredNode {
  /** What the node's keeper said last that it is. */
  readonly reported: string;
  /** What the monitor wants it to be. */
  readonly assigned: string;
  /** Did the monitor's last health check reach it? */
  readonly healthy: boolean;
}

/** States in which a node takes writes, or is about to, as the only one of its group. */
export function isPrimaryState(state: string): boolean {
  return ["single", "wait_primary", "join_primary", "primary", "apply_settings"].includes(state);
}

interface HaproxyEvent {
  readonly kind: "proxy-server";
  /** `read_write` or `read_only`. */
  readonly backend: string;
  /** The coordinator that is checked (not the PgBouncer in front of it). */
  readonly server: string;
  readonly status: ProxyServerStatus;
  readonly up: boolean;
}

interface PgbouncerEvent {
  readonly kind: "pool-state";
  readonly pgbouncer: string;
  /** Does the admin console answer? */
  readonly reachable: boolean;
  /** Does it hold at least one logged-in server connection? */
  readonly serverConnected: boolean;
  readonly clientsWaiting: number;
}

type PostgresEvent =
  | {
      readonly kind: "postgres-state";
      readonly group: string;
      readonly member: string;
      /** Answers a query on a direct connection. */
      readonly reachable: boolean;
      /** pg_is_in_recovery(); null when unreachable. A reachable member that is not in recovery is a writable primary. */
      readonly inRecovery: boolean | null;
      readonly timeline: number | null;
      /** null when unreachable; absent in older recordings. */
      readonly server?: PostgresServer | null | undefined;
      /** Why it is unreachable; null when it is not, absent in older recordings. */
      readonly absence?: Absence | null | undefined;
    }
  /** The standbys that stream from a primary, as pg_stat_replication lists them. */
  | {
      readonly kind: "replication-state";
      readonly group: string;
      readonly primary: string;
      readonly streaming: readonly string[];
      readonly synchronous: readonly string[];
      /**
       * How many synchronous standbys each commit waits for, by synchronous_standby_names and synchronous_commit; 0: it
       * waits for none. Absent in older recordings.
       */
      readonly commitsWaitFor?: number | undefined;
      /**
       * The standbys that synchronous_standby_names lists: no other can confirm a commit. Absent where it lists any (`*`),
       * and in older recordings.
       */
      readonly canConfirm?: readonly string[] | undefined;
    };

/**
 * What a coordinator has in pg_dist_node, Citus' table of nodes, which Patroni keeps: whom it sends queries to. Read where
 * Citus is, and absent in older recordings.
 */
interface CitusEvent {
  readonly kind: "citus-nodes";
  readonly group: string;
  readonly member: string;
  readonly nodes: readonly CitusNode[];
}

/** One row of pg_dist_node. */
export interface CitusNode {
  /** As of PatroniCluster: 0 is the coordinators. */
  readonly citusGroup: number;
  readonly host: string;
  /** `primary` or `secondary`. */
  readonly role: string;
  readonly active: boolean;
  /** It gets a copy of the metadata, and has the newest one. */
  readonly metadataSynced: boolean;
  /** It may be given shards. */
  readonly holdsShards: boolean;
}

/** What a server says of itself beside its role. */
export interface PostgresServer {
  /**
   * When its postmaster was started. A server leaves recovery at most once, and enters it by a new start alone: one
   * that is in recovery has been so since its start, and one that was writable before and is now was so in between.
   */
  readonly startedUs: Micros;
  /** Where it is connected to; null on a Unix socket. */
  readonly address: string | null;
  /** The host that its WAL receiver streams from; null: it receives from nobody. */
  readonly receivesFrom: string | null;
}

/**
 * Why a member did not answer. `refused`: new connections were refused, by the host (nobody listens) or by the server
 * (57P03: it starts, stops or recovers), so that nobody can be served there. `ended`: the server ended the observer's
 * session (57P01, 57P02), as it does with all when it is stopped. `silent`: anything else. `seenUs` is the last look
 * that told more, null when none has.
 */
export type Absence =
  { readonly why: "refused" } | { readonly why: "ended" | "silent"; readonly seenUs: Micros | null };

type AgentEvent =
  /** A stream made a new connection through the client's way in (start-up packet, authentication and all). */
  | { readonly kind: "connection-made"; readonly stream: string; readonly endpoint: "readWrite" | "readOnly" }
  | {
      readonly kind: "connection-lost";
      readonly stream: string;
      readonly endpoint: "readWrite" | "readOnly";
      readonly code: string;
    }
  /** The agent's own health over the last second: how late it started operations, how busy it was. */
  | {
      readonly kind: "agent-health";
      /** Schedule lag percentiles over the second, microseconds. */
      readonly lagP50Us: number;
      readonly lagP99Us: number;
      readonly lagMaxUs: number;
      /** Share of one core used by the agent's process, 0..1. */
      readonly cpuShare: number;
      readonly neverSent: number;
    };

/**
 * The observer itself did not look, since the moment given: its process was frozen, or had no processor. Whatever it
 * watches may have changed and changed back meanwhile. Not in older recordings.
 */
interface ObserverEvent {
  readonly kind: "observer-stood-still";
  readonly fromUs: Micros;
}

/** One moment in the life of an injection; see the state machine in faults/lifecycle. */
export type InjectionMoment =
  | "waiting"
  | "setting-up"
  | "injecting"
  | "injected"
  | "observed"
  | "recovered"
  | "held"
  | "healing"
  | "healed"
  | "failed";

interface FaultEvent {
  readonly kind: "injection";
  /** Which injection of the plan, from 1. */
  readonly injection: number;
  readonly fault: string;
  /** What was hit, in one line: a node, "etcd-1, etcd-3", or "coordinator-1 <-> etcd-1, etcd-2" of a link. */
  readonly victim: string;
  /** Every node that was hit; of a link, those of both its ends. Absent where it is the one node that `victim` names. */
  readonly nodes?: readonly string[] | undefined;
  readonly moment: InjectionMoment;
  /** Where in Patroni's loop the fault began, 0..1 of loop_wait; only on `injected`. */
  readonly loopPhase?: number | undefined;
  /** How long the fault was in force, at least and at most; only on the moment after its healing. Not in older recordings. */
  readonly inForceSeconds?: { readonly least: number; readonly most: number } | undefined;
  /** What was done, or why it failed, in one line. */
  readonly note?: string | undefined;
}

type RunEvent =
  | { readonly kind: "phase"; readonly phase: Phase; readonly injection: number | null }
  | {
      readonly kind: "cluster-ready";
      /** From the first container's creation. */
      readonly tookMs: number;
      /** What of it went into filling tables; left out in recordings of before it was told. */
      readonly fillingMs?: number | undefined;
    }
  /** What each container held right after that, without the page cache. Mebibytes, by node. */
  | { readonly kind: "memory-read"; readonly memoryMb: Readonly<Record<string, number>> }
  /** The next variant of a benchmark: its own cluster begins to be brought up. */
  | { readonly kind: "variant"; readonly variant: string }
  | {
      readonly kind: "stage";
      readonly stage: number;
      readonly name: string;
      readonly phase: StagePhase | "ended";
    }
  /** A ledger was read back; what it held is in the recording's ledger readings. */
  | {
      readonly kind: "ledger-read";
      readonly injection: number | null;
      readonly stream: string;
      readonly rows: number;
    }
  /** How a member would find the nearest rows of a search, by EXPLAIN, once the settings of the next stage were applied. */
  | {
      readonly kind: "search-plan";
      readonly group: string;
      readonly member: string;
      /** Each way once, such as "Index Scan using orders_embedding". */
      readonly plan: readonly string[];
      /** Every part that it holds in the order that its vector index gives. */
      readonly byIndex: boolean;
    }
  /** Shards that live together, one of each distributed table, were moved to another worker group while they were in use. */
  | {
      readonly kind: "shards-moved";
      /** What tells them from others of the same tables. */
      readonly name: string;
      readonly shards: number;
      readonly from: string;
      readonly to: string;
      /** Of their tables and indexes, where they are now. */
      readonly bytes: number;
      /** From the beginning of their move, which may be longer ago than the end of the one before. */
      readonly tookMs: number;
      /** For how long nobody could use any of their tables; null: not known. */
      readonly lockedMs: number | null;
    }
  /** A secondary index was made on a group, on the table or its shards there. */
  | {
      readonly kind: "index-made";
      readonly group: string;
      readonly table: string;
      readonly index: string;
      readonly tookMs: number;
      readonly bytes: number;
      /** maintenance_work_mem, in PostgreSQL's words, and max_parallel_maintenance_workers. */
      readonly memory: string;
      readonly parallelWorkers: number;
    }
  /** A table that is indexed after the load was loaded: from the load's begin to its end. */
  | { readonly kind: "rows-loaded"; readonly table: string; readonly rows: number; readonly tookMs: number }
  /** Its index answered a search for the first time: so long after the last row was loaded. */
  | { readonly kind: "searchable"; readonly table: string; readonly tookMs: number }
  | { readonly kind: "note"; readonly text: string };

export type EventKind = ClusterEvent["kind"];
export type EventOf<Kind extends EventKind> = Extract<ClusterEvent, { readonly kind: Kind }>;
