import type { CitusNode, EtcdState, MemberRole, MonitoredNode } from "./event.ts";

/** One PostgreSQL member as the observers see it now. null: not observed yet. */
export interface MemberView {
  readonly group: string;
  readonly role: MemberRole | null;
  readonly state: string | null;
  readonly reachable: boolean | null;
  readonly inRecovery: boolean | null;
  readonly timeline: number | null;
}

/** The living cluster, folded from the observers' events. */
export interface ClusterView {
  readonly members: Readonly<Record<string, MemberView>>;
  /** The holder of each group's leader key in etcd; null when there is none. */
  readonly leaders: Readonly<Record<string, string | null>>;
  /** Standbys that stream, per group, as the primary lists them. */
  readonly streaming: Readonly<Record<string, readonly string[]>>;
  readonly synchronous: Readonly<Record<string, readonly string[]>>;
  /** Per group, the leader and the standbys that Patroni's key `sync` lists: who else may take the leader key. null: it lists nobody. */
  readonly mayLead: Readonly<
    Record<string, { readonly leader: string; readonly standbys: readonly string[] } | null>
  >;
  /** What each member of etcd says of itself; one that has not been seen yet is missing. */
  readonly etcd: Readonly<Record<string, { readonly state: EtcdState; readonly inSync: boolean }>>;
  /** Guard -> group -> it looks at it. */
  readonly guards: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Group -> its guards have deleted its leader key just now, and must not do so again yet. */
  readonly guardsResting: Readonly<Record<string, boolean>>;
  /** Backend -> server (a coordinator) -> up. */
  readonly proxy: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** PgBouncer -> its admin console answers. */
  readonly poolers: Readonly<Record<string, boolean>>;
  /** What pg_auto_failover's monitor says of each node that it watches; empty where there is none. */
  readonly monitored: Readonly<Record<string, MonitoredNode>>;
  /** What each coordinator has in pg_dist_node; one of which that has not been seen is missing. */
  readonly citusNodes: Readonly<Record<string, readonly CitusNode[]>>;
}
