import type { Topology } from "./topology.ts";

/** One kind of process in a cluster. `postgres` is PostgreSQL without Patroni (topologies without etcd). */
export type Component = "etcd" | "patroni" | "postgres" | "pgbouncer" | "haproxy" | "agent" | "observer";

/** One container to be: its name is also its host name and its network alias. */
export interface NodeSpec {
  readonly name: string;
  readonly component: Component;
  /** The PostgreSQL group of a `patroni` or `postgres` node: `coordinators`, `worker-1`, ...; null for others. */
  readonly group: string | null;
  /** The coordinator that a PgBouncer fronts; null for others. */
  readonly fronts: string | null;
}

/** A PostgreSQL group: one primary and its standbys, and a Patroni scope of the same name. */
export interface GroupSpec {
  readonly name: string;
  readonly role: "coordinator" | "worker";
  readonly members: readonly string[];
}

/** Every node and group of a topology, by name, in start order. */
export interface ClusterLayout {
  readonly nodes: readonly NodeSpec[];
  readonly groups: readonly GroupSpec[];
}

/** The group that clients talk to. */
export const COORDINATORS = "coordinators";

/** Lays a topology out as named nodes: etcd-1.., coordinator-1.., worker-1a.., pgbouncer-1.., haproxy, agent, observer. */
export function layOut(topology: Topology): ClusterLayout {
  const database: Component = topology.etcd.members > 0 ? "patroni" : "postgres";
  const groups = groupsOf(topology);
  const coordinators = groups[0]?.members ?? [];
  const nodes: NodeSpec[] = [
    ...numbered("etcd", topology.etcd.members).map((name) => plain(name, "etcd")),
    ...groups.flatMap((group) =>
      group.members.map((name) => ({ name, component: database, group: group.name, fronts: null })),
    ),
    ...(topology.pgbouncer.enabled
      ? coordinators.map((fronts, index) => ({
          name: `pgbouncer-${index + 1}`,
          component: "pgbouncer" as const,
          group: null,
          fronts,
        }))
      : []),
    ...(topology.haproxy.enabled ? [plain("haproxy", "haproxy")] : []),
    plain("agent", "agent"),
    plain("observer", "observer"),
  ];
  return { nodes, groups };
}

/** The group a node belongs to; undefined for nodes that are not PostgreSQL. */
export function groupOf(layout: ClusterLayout, node: string): GroupSpec | undefined {
  return layout.groups.find((group) => group.members.includes(node));
}

/** Where clients enter: host and port for reads and writes, and for reads, inside the cluster's network. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The client's way in: HAProxy, else PgBouncer, else PostgreSQL itself. */
export function clientEndpoints(topology: Topology): {
  readonly readWrite: Endpoint;
  readonly readOnly: Endpoint;
} {
  if (topology.haproxy.enabled) {
    const { readWritePort, readOnlyPort } = topology.haproxy;
    return {
      readWrite: { host: "haproxy", port: readWritePort },
      readOnly: { host: "haproxy", port: readOnlyPort },
    };
  }
  const only: Endpoint = topology.pgbouncer.enabled
    ? { host: "pgbouncer-1", port: topology.pgbouncer.port }
    : { host: "coordinator-1", port: topology.postgres.port };
  return { readWrite: only, readOnly: only };
}

function groupsOf(topology: Topology): GroupSpec[] {
  const coordinators: GroupSpec = {
    name: COORDINATORS,
    role: "coordinator",
    members: numbered("coordinator", topology.coordinators.members),
  };
  const workers = numbered("worker", topology.workers.groups).map((name): GroupSpec => {
    const members = Array.from(
      { length: topology.workers.membersPerGroup },
      (_, index) => `${name}${letter(index)}`,
    );
    return { name, role: "worker", members };
  });
  return [coordinators, ...workers];
}

function plain(name: string, component: Component): NodeSpec {
  return { name, component, group: null, fronts: null };
}

function numbered(stem: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${stem}-${index + 1}`);
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}

/** Where Patroni's configuration stands in the container; patronictl reads the same file. */
export const patroniConfigPath = "/etc/dpg-bench/patroni.yml";
