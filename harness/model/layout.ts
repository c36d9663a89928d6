import type { SynchronousMode, Topology } from "./topology.ts";

/** One container to be: its name is also its host name and its network alias. */
export interface NodeSpec {
  readonly name: string;
  /** What it runs, by its name in the components' catalogue. */
  readonly component: string;
  /** The PostgreSQL group of a `patroni` or `postgres` node: `coordinators`, `worker-1`, ...; null for others. */
  readonly group: string | null;
  /** The coordinator that a PgBouncer fronts; null for others. */
  readonly fronts: string | null;
}

/** A PostgreSQL group: one primary and its standbys, and a Patroni cluster of their own. */
export interface GroupSpec {
  readonly name: string;
  readonly role: "coordinator" | "worker";
  readonly members: readonly string[];
  /** A worker group that holds no shards until a cluster operation takes it into use; left out: it is none. */
  readonly spare?: true | undefined;
}

/** Every node and group of a topology, by name, in start order. */
export interface ClusterLayout {
  readonly nodes: readonly NodeSpec[];
  readonly groups: readonly GroupSpec[];
}

/** The group that clients talk to. */
export const COORDINATORS = "coordinators";

/** How Patroni calls a group. */
export interface PatroniCluster {
  /** The first part of its keys below `/service/`, and patronictl's cluster name. */
  readonly scope: string;
  /** Citus clusters have one scope for all groups, and a number for each: 0 is the coordinators. null: not Citus. */
  readonly citusGroup: number | null;
}

/** A scope of its own for every group; with Citus, one scope, and the number at the end of a worker group's name. */
export function patroniCluster({ sharding }: Pick<Topology, "sharding">, group: string): PatroniCluster {
  if (sharding !== "citus") return { scope: group, citusGroup: null };
  const citusGroup = group === COORDINATORS ? 0 : Number(/\d+$/.exec(group)?.[0]);
  return { scope: "citus", citusGroup };
}

/** Where all keys of all of Patroni's clusters are in etcd. */
export const PATRONI_KEYS = "/service/";

/** Where the leader guards' keys are. */
export const GUARD_KEYS = "/leader-guard/";

/** UDP, of a member that leader guards look at. */
export const HEARTBEAT_PORT = 8010;

/** What a group's keys begin with below one of these, up to the last slash: a Citus cluster's groups have folders in that of its scope. */
export function keysFolder(
  below: typeof PATRONI_KEYS | typeof GUARD_KEYS,
  topology: Pick<Topology, "sharding">,
  group: string,
): string {
  const { scope, citusGroup } = patroniCluster(topology, group);
  return `${below}${scope}/${citusGroup === null ? "" : `${citusGroup}/`}`;
}

/** The groups whose leaders are guarded. */
export function guardedGroups(topology: Topology): readonly GroupSpec[] {
  if (!topology.guard.enabled) return [];
  return groupsOf(topology).filter((group) =>
    isGuardable({ members: group.members.length, synchronousMode: synchronousModeOf(topology, group) }),
  );
}

/**
 * Does an old primary of such a group, when it wakes up, acknowledge nothing? With `quorum` it may: a standby that does not follow
 * the new primary yet confirms what the old one commits.
 */
export function isGuardable({ members, synchronousMode }: Topology["coordinators"]): boolean {
  return members > 1 && synchronousMode === "on";
}

/** Which standbys of a group its commits wait for. */
export function synchronousModeOf(
  { coordinators, workers }: Pick<Topology, "coordinators" | "workers">,
  { role }: Pick<GroupSpec, "role">,
): SynchronousMode {
  return (role === "coordinator" ? coordinators : workers).synchronousMode;
}

/** The group a node belongs to; undefined for nodes that are not PostgreSQL. */
export function groupOf(layout: Pick<ClusterLayout, "groups">, node: string): GroupSpec | undefined {
  return layout.groups.find((group) => group.members.includes(node));
}

/** Where clients enter: host and port for reads and writes, and for reads, inside the cluster's network. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One entry for clients. */
export interface ClientEndpoint extends Endpoint {
  /** `options` of each session's start-up packet, such as `-c name=value`; left out: none. */
  readonly options?: string | undefined;
}

/** Where clients enter for reads and writes, and where for reads. */
export interface ClientEndpoints {
  readonly readWrite: ClientEndpoint;
  readonly readOnly: ClientEndpoint;
}

/**
 * The client's way in: HAProxy, else PgBouncer, else PostgreSQL itself. That Citus reads from standbys is a session's to say
 * when it begins: neither SET nor ALTER ROLE can, and a whole coordinator of which it is true refuses writes when promoted.
 */
export function clientEndpoints(topology: Topology): ClientEndpoints {
  const { readWrite, readOnly } = entries(topology);
  if (!topology.workers.readFromStandbys) return { readWrite, readOnly };
  return { readWrite, readOnly: { ...readOnly, options: `-c ${READ_FROM_STANDBYS}=always` } };
}

/** Each member of the coordinators by itself, past proxy and poolers. */
export function directEndpoints(topology: Topology): Readonly<Record<string, Endpoint>> {
  const { port } = topology.postgres;
  return Object.fromEntries(coordinatorNames(topology).map((host) => [host, { host, port }]));
}

/** Its parameter for this. */
export const READ_FROM_STANDBYS = "citus.use_secondary_nodes";

function entries(topology: Topology): Record<keyof ClientEndpoints, Endpoint> {
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

/** The PostgreSQL groups of a topology: the coordinators, then the workers. */
export function groupsOf(topology: Topology): readonly GroupSpec[] {
  const coordinators: GroupSpec = {
    name: COORDINATORS,
    role: "coordinator",
    members: coordinatorNames(topology),
  };
  const { groups, spareGroups, membersPerGroup } = topology.workers;
  const workers = numbered("worker", groups + spareGroups).map((name, index): GroupSpec => {
    const members = Array.from({ length: membersPerGroup }, (_, member) => `${name}${letter(member)}`);
    return { name, role: "worker", members, ...(index < groups ? {} : { spare: true }) };
  });
  return [coordinators, ...workers];
}

/** The worker groups among which distributed tables are spread when they are made; none where tables stay whole. */
export function groupsWithShards(topology: Topology): readonly string[] {
  return topology.sharding === "none" ? [] : workersInUse(groupsOf(topology)).map(({ name }) => name);
}

/** The worker groups that are no spare ones. */
export function workersInUse(groups: readonly GroupSpec[]): readonly GroupSpec[] {
  return groups.filter(({ role, spare }) => role === "worker" && spare !== true);
}

/** The same cluster once shards were moved: these worker groups are in use, and the others are spare. */
export function withGroupsInUse(layout: ClusterLayout, inUse: readonly string[]): ClusterLayout {
  const groups = layout.groups.map(({ name, role, members }): GroupSpec => {
    const spare = role === "worker" && !inUse.includes(name);
    return { name, role, members, ...(spare ? { spare } : {}) };
  });
  return { ...layout, groups };
}

/** coordinator-1, coordinator-2 ... */
export function coordinatorNames({ coordinators }: Topology): readonly string[] {
  return numbered("coordinator", coordinators.members);
}

/** `stem-1`, `stem-2` ... */
export function numbered(stem: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${stem}-${index + 1}`);
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}

/** The node that pg_auto_failover's monitor runs on. */
export const MONITOR_NODE = "monitor";

/** Where Patroni's configuration stands in the container; patronictl reads the same file. */
export const patroniConfigPath = "/etc/dpg-bench/patroni.yml";
