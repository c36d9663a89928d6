import { type ClusterEvent, type EventOf, isPrimaryState } from "../../model/event.ts";
import type { ClusterLayout } from "../../model/layout.ts";
import type { ClusterView, MemberView } from "../../model/view.ts";

/** The view, and what folding needs besides: what each primary says of its standbys, for there may be two for a while. */
export interface FoldedView extends ClusterView {
  readonly told: Readonly<Record<string, EventOf<"replication-state">>>;
}

const UNSEEN = { role: null, state: null, reachable: null, inRecovery: null, timeline: null };

/** Nothing observed yet. */
export function emptyView(layout: ClusterLayout): FoldedView {
  const perGroup = <T>(value: T): Record<string, T> =>
    Object.fromEntries(layout.groups.map(({ name }) => [name, value]));
  return {
    members: Object.fromEntries(
      layout.groups.flatMap(({ name: group, members }) =>
        members.map((member) => [member, { group, ...UNSEEN }] as const),
      ),
    ),
    leaders: perGroup(null),
    streaming: perGroup([]),
    synchronous: perGroup([]),
    mayLead: perGroup(null),
    etcd: {},
    guards: {},
    guardsResting: {},
    proxy: {},
    poolers: {},
    monitored: {},
    citusNodes: {},
    told: {},
  };
}

/** The view after an event. Pure; events that say nothing of the cluster's state leave it as it is. */
export function applyEvent(view: FoldedView, event: ClusterEvent): FoldedView {
  switch (event.kind) {
    case "leader-key-set":
      return withStandbys(
        { ...view, leaders: { ...view.leaders, [event.group]: event.leader } },
        event.group,
      );
    case "leader-key-gone":
      return withStandbys({ ...view, leaders: { ...view.leaders, [event.group]: null } }, event.group);
    case "sync-key": {
      const { group, leader, standbys } = event;
      return {
        ...view,
        mayLead: { ...view.mayLead, [group]: leader === null ? null : { leader, standbys } },
      };
    }
    case "member-state":
      return withMember(view, event.member, { role: event.role, state: event.state });
    case "monitored-node":
      return withMonitored(view, event);
    case "postgres-state":
      return withPostgres(view, event);
    case "replication-state":
      return withStandbys({ ...view, told: { ...view.told, [event.primary]: event } }, event.group);
    case "etcd-member": {
      const { member, state, inSync } = event;
      return { ...view, etcd: { ...view.etcd, [member]: { state, inSync } } };
    }
    case "guard-state": {
      const groups = { ...view.guards[event.guard], [event.group]: event.watching };
      return { ...view, guards: { ...view.guards, [event.guard]: groups } };
    }
    case "guards-resting":
      return { ...view, guardsResting: { ...view.guardsResting, [event.group]: event.resting } };
    case "proxy-server": {
      const backend = { ...view.proxy[event.backend], [event.server]: event.up };
      return { ...view, proxy: { ...view.proxy, [event.backend]: backend } };
    }
    case "pool-state":
      return { ...view, poolers: { ...view.poolers, [event.pgbouncer]: event.reachable } };
    case "citus-nodes":
      return { ...view, citusNodes: { ...view.citusNodes, [event.member]: event.nodes } };
    case "leader-key-released":
    case "etcd-watch":
    case "observer-stood-still":
    case "loop-tick":
    case "connection-made":
    case "connection-lost":
    case "agent-health":
    case "injection":
    case "phase":
    case "cluster-ready":
    case "memory-read":
    case "variant":
    case "stage":
    case "ledger-read":
    case "search-plan":
    case "shards-moved":
    case "index-made":
    case "rows-loaded":
    case "searchable":
    case "note":
      return view;
  }
}

/** The member of a group that is not in recovery; of two, the one that holds the leader key, else the higher timeline. */
export function primaryOf(view: ClusterView, group: string): string | null {
  const leader = view.leaders[group];
  const primaries = Object.entries(view.members).filter(
    ([, member]) => member.group === group && member.inRecovery === false,
  );
  const rank = ([name, member]: [string, MemberView]): number =>
    name === leader ? Infinity : (member.timeline ?? 0);
  return primaries.sort((a, b) => rank(b) - rank(a))[0]?.[0] ?? null;
}

/** Who is to be the primary, by the monitor's word: the leader of its group. */
function withMonitored(view: FoldedView, event: EventOf<"monitored-node">): FoldedView {
  const { group, member, reported, assigned, healthy } = event;
  const leader = view.leaders[group] ?? null;
  const next = isPrimaryState(assigned) ? member : leader === member ? null : leader;
  return withStandbys(
    {
      ...view,
      leaders: { ...view.leaders, [group]: next },
      monitored: { ...view.monitored, [member]: { reported, assigned, healthy } },
    },
    group,
  );
}

function withMember(view: FoldedView, name: string, change: Partial<MemberView>): FoldedView {
  const member = view.members[name];
  if (member === undefined) return view;
  return { ...view, members: { ...view.members, [name]: { ...member, ...change } } };
}

/** What a primary said of its standbys holds only as long as it is one. */
function withPostgres(view: FoldedView, event: EventOf<"postgres-state">): FoldedView {
  const { reachable, inRecovery, timeline } = event;
  const changed = withMember(view, event.member, { reachable, inRecovery, timeline });
  const told =
    inRecovery === false
      ? changed.told
      : Object.fromEntries(Object.entries(changed.told).filter(([primary]) => primary !== event.member));
  return withStandbys({ ...changed, told }, event.group);
}

function withStandbys(view: FoldedView, group: string): FoldedView {
  const primary = primaryOf(view, group);
  const told = primary === null ? undefined : view.told[primary];
  return {
    ...view,
    streaming: { ...view.streaming, [group]: told?.streaming ?? [] },
    synchronous: { ...view.synchronous, [group]: told?.synchronous ?? [] },
  };
}
