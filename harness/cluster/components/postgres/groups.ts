import { groupsOf, synchronousModeOf, type GroupSpec, type NodeSpec } from "../../../model/layout.ts";
import type { failoverManager, SynchronousMode, Topology } from "../../../model/topology.ts";
import type { ClusterView, MemberView } from "../../../model/view.ts";
import type { SeenCluster } from "../component.ts";

/** A node for each member of each PostgreSQL group. */
export function groupNodes(component: string, topology: Topology): readonly NodeSpec[] {
  return groupsOf(topology).flatMap((group) =>
    group.members.map((name) => ({ name, component, group: group.name, fronts: null })),
  );
}

/**
 * Every member of every group answers, each group has one primary, that holds its leader key, every standby streams from it
 * on its timeline, and a synchronous standby is there where one is asked for, and may take over (with quorum commit: every standby may confirm).
 */
export function groupGaps(seen: SeenCluster, manager: Manager): readonly string[] {
  return seen.layout.groups.flatMap((group) => gapsOf(group, seen, manager));
}

/** What fails the groups over; null: nothing does. */
type Manager = ReturnType<typeof failoverManager>;

function gapsOf(group: GroupSpec, { topology, view }: SeenCluster, manager: Manager): string[] {
  const members = group.members.map((name) => ({ name, member: view.members[name] }));
  const primaries = group.members.filter((name) => view.members[name]?.inRecovery === false);
  const [primary, second] = primaries;
  const absent = members.flatMap(({ name, member }) => [
    ...memberGaps(group.name, name, member, manager === "patroni"),
    ...(manager === "pg-auto-failover" ? monitoredGaps(group.name, name, view) : []),
  ]);
  if (primary === undefined) return [...absent, `${group.name}: no member is a primary`];
  if (second !== undefined) {
    return [...absent, `${group.name}: more than one member is a primary: ${primaries.join(", ")}`];
  }
  return [
    ...absent,
    ...(manager === "patroni" ? leaderGaps(group.name, primary, view) : []),
    ...members.flatMap(({ name, member }) => standbyGaps(group.name, name, member, primary, view)),
    ...synchronousGaps(synchronousModeOf(topology, group), group, primary, view),
    ...(manager === "patroni" ? mayLeadGaps(synchronousModeOf(topology, group), group, primary, view) : []),
  ];
}

/** With quorum commit a standby that is not in the list yet leaves the other one as the only one that may confirm. */
function synchronousGaps(
  mode: SynchronousMode,
  group: GroupSpec,
  primary: string,
  view: ClusterView,
): string[] {
  const synchronous = view.synchronous[group.name] ?? [];
  const standbys = group.members.filter((name) => name !== primary);
  if (mode === "off" || standbys.length === 0) return [];
  if (synchronous.length === 0) return [`${group.name}: ${primary} has no synchronous standby`];
  if (mode === "on") return [];
  return standbys
    .filter((name) => !synchronous.includes(name))
    .map((name) => `${group.name}: ${primary} does not count ${name} in its quorum`);
}

/**
 * Patroni promotes only whom its key `sync` lists, and writes it up to a loop or two after PostgreSQL has its synchronous
 * standbys: a primary that is lost in between would be replaced by nobody.
 */
function mayLeadGaps(mode: SynchronousMode, group: GroupSpec, primary: string, view: ClusterView): string[] {
  const standbys = group.members.filter((name) => name !== primary);
  if (mode === "off" || standbys.length === 0) return [];
  const listed = view.mayLead[group.name] ?? null;
  const mayLead = listed?.leader === primary ? standbys.filter((name) => listed.standbys.includes(name)) : [];
  const isEnough = mode === "on" ? mayLead.length > 0 : mayLead.length === standbys.length;
  if (isEnough) return [];
  return mayLead.length === 0
    ? [`${group.name}: Patroni's key sync lists no standby of ${primary} that may take over`]
    : standbys
        .filter((name) => !mayLead.includes(name))
        .map((name) => `${group.name}: Patroni's key sync does not list ${name}`);
}

function memberGaps(
  group: string,
  name: string,
  member: MemberView | undefined,
  withPatroni: boolean,
): string[] {
  if (member?.reachable !== true) return [`${group}: ${name} does not answer a direct connection`];
  if (!withPatroni) return [];
  const { role, state } = member;
  if (role === null || role === "unreachable") return [`${group}: the Patroni of ${name} does not answer`];
  return state === "running" || state === "streaming"
    ? []
    : [`${group}: Patroni says that ${name} is ${state}`];
}

/** What the monitor wants of each member is what the member is, and both its checks and its keeper say that it is well. */
function monitoredGaps(group: string, name: string, view: ClusterView): string[] {
  const node = view.monitored[name];
  if (node === undefined) return [`${group}: the monitor does not know ${name}`];
  const { reported, assigned, healthy } = node;
  if (reported !== assigned) return [`${group}: ${name} is to go from ${reported} to ${assigned}`];
  const settled = ["single", "primary", "secondary"].includes(reported);
  return [
    ...(settled ? [] : [`${group}: ${name} is ${reported}`]),
    ...(healthy ? [] : [`${group}: the monitor's checks do not find ${name} healthy`]),
  ];
}

function leaderGaps(group: string, primary: string, view: ClusterView): string[] {
  const leader = view.leaders[group] ?? null;
  const role = view.members[primary]?.role;
  if (leader === null) return [`${group}: nobody holds the leader key`];
  if (leader !== primary) return [`${group}: ${leader} holds the leader key, but ${primary} is the primary`];
  return role === "primary" ? [] : [`${group}: Patroni calls the primary ${primary} a ${role}`];
}

function standbyGaps(
  group: string,
  name: string,
  member: MemberView | undefined,
  primary: string,
  view: ClusterView,
): string[] {
  if (name === primary || member?.reachable !== true) return [];
  if (!(view.streaming[group] ?? []).includes(name))
    return [`${group}: ${name} does not stream from ${primary}`];
  const timeline = view.members[primary]?.timeline;
  if (member.role === "primary") return [`${group}: Patroni calls the standby ${name} a primary`];
  return member.timeline === timeline
    ? []
    : [`${group}: ${name} is on timeline ${member.timeline}, its primary ${primary} on ${timeline}`];
}
