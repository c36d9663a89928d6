import { COORDINATORS, type ClusterLayout, type GroupSpec } from "../../model/layout.ts";
import type { SynchronousMode, Topology } from "../../model/topology.ts";
import type { ClusterView, MemberView } from "../../model/view.ts";

/**
 * What is missing of a cluster's full redundancy, one sentence each. Empty: etcd has one leader, and every other member
 * follows and is in sync; every member of every group runs, each group has one primary that holds its leader key, every
 * standby streams from it on its timeline, a synchronous standby is there where one is asked for (with quorum commit:
 * every standby may confirm), HAProxy has exactly the servers up that it should, and every PgBouncer answers. This is
 * also what "ready" means.
 */
export function redundancyGaps(topology: Topology, layout: ClusterLayout, view: ClusterView): string[] {
  return [
    ...etcdGaps(layout, view),
    ...layout.groups.flatMap((group) => groupGaps(topology, group, view)),
    ...(topology.haproxy.enabled ? proxyGaps(layout, view) : []),
    ...layout.nodes
      .filter(({ component, name }) => component === "pgbouncer" && view.poolers[name] !== true)
      .map(({ name }) => `${name}: its admin console does not answer`),
  ];
}

function etcdGaps(layout: ClusterLayout, view: ClusterView): string[] {
  const members = layout.nodes.filter(({ component }) => component === "etcd").map(({ name }) => name);
  const leaders = members.filter((name) => view.etcd[name]?.state === "leader");
  const gaps = members.flatMap((name) => {
    const member = view.etcd[name];
    if (member === undefined || member.state === "unreachable") return [`etcd: ${name} does not answer`];
    if (member.state === "leaderless") return [`etcd: ${name} knows no leader`];
    return member.inSync ? [] : [`etcd: ${name} is not in sync`];
  });
  if (leaders.length > 1) return [...gaps, `etcd: more than one member leads: ${leaders.join(", ")}`];
  return members.length > 0 && leaders.length === 0 && gaps.length === 0 ? ["etcd: no member leads"] : gaps;
}

function groupGaps(topology: Topology, group: GroupSpec, view: ClusterView): string[] {
  const withPatroni = topology.etcd.members > 0;
  const members = group.members.map((name) => ({ name, member: view.members[name] }));
  const primaries = group.members.filter((name) => view.members[name]?.inRecovery === false);
  const [primary, second] = primaries;
  const absent = members.flatMap(({ name, member }) => memberGaps(group.name, name, member, withPatroni));
  if (primary === undefined) return [...absent, `${group.name}: no member is a primary`];
  if (second !== undefined) {
    return [...absent, `${group.name}: more than one member is a primary: ${primaries.join(", ")}`];
  }
  return [
    ...absent,
    ...(withPatroni ? leaderGaps(group.name, primary, view) : []),
    ...members.flatMap(({ name, member }) => standbyGaps(group.name, name, member, primary, view)),
    ...synchronousGaps(modeOf(topology, group), group, primary, view),
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

function modeOf(topology: Topology, group: GroupSpec): SynchronousMode {
  return (group.role === "coordinator" ? topology.coordinators : topology.workers).synchronousMode;
}

/** read_write: the primary and nobody else. read_only: the replicas and not the primary. */
function proxyGaps(layout: ClusterLayout, view: ClusterView): string[] {
  const members = layout.groups.find((group) => group.name === COORDINATORS)?.members ?? [];
  const servers = members.map((name) => ({ name, inRecovery: view.members[name]?.inRecovery }));
  return [
    ...servers.flatMap(({ name, inRecovery }) => serverGaps("read_write", name, inRecovery === false, view)),
    ...servers.flatMap(({ name, inRecovery }) => serverGaps("read_only", name, inRecovery === true, view)),
  ];
}

function serverGaps(backend: string, server: string, wanted: boolean, view: ClusterView): string[] {
  const up = view.proxy[backend]?.[server];
  if (up === undefined) return [`haproxy: nothing is known of ${server} in ${backend}`];
  return up === wanted ? [] : [`haproxy: ${server} is ${up ? "up" : "down"} in ${backend}`];
}
