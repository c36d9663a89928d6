import type { CitusNode, ClusterEvent } from "../../model/event.ts";
import { COORDINATORS, patroniCluster, type ClusterLayout } from "../../model/layout.ts";
import { applyEvent, emptyView, type FoldedView } from "./cluster-view.ts";

/** What the observers say of a cluster with nothing missing: the first member of each group is its primary, and etcd's first leads. */
export function wholeClusterEvents(layout: ClusterLayout): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  const atUs = 1000;
  for (const { name: group, members } of layout.groups) {
    const [primary = "", ...standbys] = members;
    events.push({ kind: "leader-key-set", atUs, group, leader: primary });
    for (const member of members) {
      const isPrimary = member === primary;
      const [role, state] = isPrimary ? ["primary", "running"] : ["replica", "streaming"];
      events.push(
        { kind: "member-state", atUs, group, member, role, state, timeline: 1 },
        { kind: "postgres-state", atUs, group, member, reachable: true, inRecovery: !isPrimary, timeline: 1 },
      );
      if (group !== COORDINATORS) continue;
      for (const [backend, up] of [
        ["read_write", isPrimary],
        ["read_only", !isPrimary],
      ] as const) {
        events.push({
          kind: "proxy-server",
          atUs,
          backend,
          server: member,
          status: up ? "UP" : "DOWN",
          up,
        });
      }
    }
    events.push({
      kind: "replication-state",
      atUs,
      group,
      primary,
      streaming: standbys,
      synchronous: standbys.slice(0, 1),
    });
    events.push({ kind: "sync-key", atUs, group, leader: primary, standbys: standbys.slice(0, 1) });
  }
  const [etcdLeader, ...followers] = layout.nodes.filter(({ component }) => component === "etcd");
  for (const { name: member } of followers)
    events.push({ kind: "etcd-member", atUs, member, state: "follower", term: 2, inSync: true });
  if (etcdLeader !== undefined)
    events.push({
      kind: "etcd-member",
      atUs,
      member: etcdLeader.name,
      state: "leader",
      term: 2,
      inSync: true,
    });
  for (const node of layout.nodes) {
    if (node.component !== "pgbouncer") continue;
    events.push({
      kind: "pool-state",
      atUs,
      pgbouncer: node.name,
      reachable: true,
      serverConnected: true,
      clientsWaiting: 0,
    });
  }
  return events;
}

/** The view after a cluster that was whole, and then `events`. */
export function viewAfter(layout: ClusterLayout, events: readonly ClusterEvent[] = []): FoldedView {
  return [...wholeClusterEvents(layout), ...events].reduce(applyEvent, emptyView(layout));
}

/** A group's row in pg_dist_node, with nothing wrong with it. */
export function citusNode(group: string, host: string, changes: Partial<CitusNode> = {}): CitusNode {
  const citusGroup = patroniCluster({ sharding: "citus" }, group).citusGroup ?? 0;
  const rest = { role: "primary", active: true, metadataSynced: true, holdsShards: citusGroup > 0 };
  return { citusGroup, host, ...rest, ...changes };
}

/** What every coordinator of such a cluster has in pg_dist_node: Citus' primaries and secondaries, as Patroni keeps them. */
export function citusNodesEvents(
  layout: ClusterLayout,
  change: (node: CitusNode) => CitusNode = (node) => node,
): ClusterEvent[] {
  const nodes = layout.groups
    .flatMap(({ name, members }) =>
      members.map((member, index) =>
        citusNode(name, member, { role: index === 0 ? "primary" : "secondary" }),
      ),
    )
    .map(change);
  const coordinators = layout.groups.find(({ name }) => name === COORDINATORS)?.members ?? [];
  return coordinators.map((member) => {
    return { kind: "citus-nodes", atUs: 1000, group: COORDINATORS, member, nodes };
  });
}
