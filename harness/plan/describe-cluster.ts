import { guardedGroups, type ClusterLayout, type GroupSpec } from "../model/layout.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import type { SynchronousMode, Topology } from "../model/topology.ts";
import type { Branch } from "./plan-text.ts";

/**
 * The cluster's containers by component, with the settings that decide how it fails over. `isChanged`: it is another than
 * the topology of its name, whose summary is left out then.
 */
export function describeCluster(topology: Topology, isChanged: boolean): Branch {
  const layout = layOut(topology);
  const { etcd, guard, pgAutoFailover, pgbouncer, haproxy } = topology;
  return {
    text: `Cluster: ${layout.nodes.length} containers (${isChanged ? `${topology.name}, with changes` : topology.summary})`,
    children: [
      ...(pgAutoFailover.enabled
        ? [{ text: `pg_auto_failover: its monitor on ${namesOf(layout, "pg-auto-failover-monitor")}` }]
        : []),
      ...(etcd.members === 0 ? [] : [{ text: `etcd: ${namesOf(layout, "etcd")}` }]),
      ...layout.groups.map((group) => ({ text: describeGroup(group, topology) })),
      ...(pgbouncer.enabled
        ? [
            {
              text: `PgBouncer: ${namesOf(layout, "pgbouncer")}, ${pgbouncer.poolMode} pooling, ${pgbouncer.poolSize} per pool`,
            },
          ]
        : []),
      ...(haproxy.enabled ? [{ text: describeProxy(topology) }] : []),
      ...(guard.enabled ? [{ text: describeGuard(topology, layout) }] : []),
      ...others(layout),
      { text: `load from: ${namesOf(layout, "agent")}; watched from: ${namesOf(layout, "observer")}` },
      { text: `sharding ${topology.sharding}, vectors ${topology.vectors}` },
    ],
  };
}

/** Components that have nothing of their own to tell here. */
function others({ nodes }: ClusterLayout): readonly Branch[] {
  const components = [...new Set(nodes.map(({ component }) => component))];
  return components
    .filter((component) => !DESCRIBED.includes(component))
    .map((component) => ({
      text: `${component}: ${nodes.flatMap((node) => (node.component === component ? node.name : [])).join(" ")}`,
    }));
}

const DESCRIBED: readonly string[] = [
  "etcd",
  "patroni",
  "pg-auto-failover",
  "pg-auto-failover-monitor",
  "postgres",
  "pgbouncer",
  "haproxy",
  "agent",
  "observer",
  "guard",
];

function namesOf(layout: ClusterLayout, component: string): string {
  return layout.nodes
    .filter((node) => node.component === component)
    .map((node) => node.name)
    .join(" ");
}

function describeGroup(group: GroupSpec, topology: Topology): string {
  const spec = group.role === "coordinator" ? topology.coordinators : topology.workers;
  const standbys = group.members.length - 1;
  const role = standbys === 0 ? "no standby" : `1 primary, ${standbys} standby${standbys === 1 ? "" : "s"}`;
  const replication = standbys === 0 ? "" : `, ${REPLICATION[spec.synchronousMode]}`;
  const spare = group.spare === true ? ", spare: it runs, and holds no shards until it is added" : "";
  return `${group.name}: ${group.members.join(" ")} (${role}${replication}${spare})`;
}

const REPLICATION: Readonly<Record<SynchronousMode, string>> = {
  off: "asynchronous",
  on: "synchronous",
  quorum: "synchronous by quorum",
};

/** Whom it guards, and whom it leaves out. */
function describeGuard(topology: Topology, layout: ClusterLayout): string {
  const { goneAfterMs, askEveryMs, dryRun } = topology.guard;
  const guarded = guardedGroups(topology).map(({ name }) => name);
  const others = layout.groups.some(({ name }) => !guarded.includes(name))
    ? " alone, the others having no synchronous_mode on"
    : "";
  const dry = dryRun ? "; dry run: it only writes down what it would do" : "";
  return (
    `leader guard: ${namesOf(layout, "guard")}, of ${guarded.join(" ")}${others}: a node is gone after ${goneAfterMs} ms ` +
    `without a sign of life, asked every ${askEveryMs} ms${dry}`
  );
}

function describeProxy({ haproxy }: Topology): string {
  const { readWritePort, readOnlyPort, interMs, fastinterMs, fall, rise } = haproxy;
  const checks = `inter ${interMs} ms, fastinter ${fastinterMs} ms, fall ${fall}, rise ${rise}`;
  return `HAProxy: writes :${readWritePort}, reads :${readOnlyPort}, ${checks}`;
}
