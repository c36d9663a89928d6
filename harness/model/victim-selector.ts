/** What a node is to faults. `clients` is the agent, which sends the load. */
export type NodeKind = "postgres" | "etcd" | "pgbouncer" | "haproxy" | "clients";

/** The words for sets of nodes, and of what kind these are. Resolved against the living cluster; see faults/victims. */
export const nodeSets = {
  "primary of coordinators": "postgres",
  "one replica of coordinators": "postgres",
  "synchronous replica of coordinators": "postgres",
  "every replica of coordinators": "postgres",
  "every member of coordinators": "postgres",
  "primary of one worker group": "postgres",
  "standby of one worker group": "postgres",
  "every member of one worker group": "postgres",
  "the only node": "postgres",
  "leader of etcd": "etcd",
  "one follower of etcd": "etcd",
  "every follower of etcd": "etcd",
  "a majority of etcd": "etcd",
  "every member of etcd": "etcd",
  "every pgbouncer": "pgbouncer",
  haproxy: "haproxy",
  "the clients": "clients",
} as const satisfies Readonly<Record<string, NodeKind>>;

export type NodeSet = keyof typeof nodeSets;

/** For schemas, which want a list of at least one. */
export const nodeSetNames = Object.keys(nodeSets) as [NodeSet, ...NodeSet[]];

/** The way between two sets of nodes, in both directions; or from one to the other alone, the way back being whole. */
export type LinkSelector =
  { readonly between: NodeSet; readonly and: NodeSet } | { readonly from: NodeSet; readonly to: NodeSet };

/** The words for PostgreSQL groups, as cluster operations take them. */
export const groupWords = ["coordinators", "one worker group"] as const;

export type GroupWord = (typeof groupWords)[number];

/** Whom of its group a cluster operation acts on. */
export type ActedOn = "primary" | "every member";

/** The victims of a cluster operation on a group. */
export function membersActedOn(actsOn: ActedOn, group: GroupWord): NodeSet {
  return `${actsOn} of ${group}`;
}

/** What a fault hits: nodes, or a link. */
export type VictimSelector = NodeSet | LinkSelector;

/** Of a link its two ends, those of the nodes themselves otherwise. */
export function setsOf(victim: VictimSelector): readonly [NodeSet] | readonly [NodeSet, NodeSet] {
  if (typeof victim === "string") return [victim];
  return "between" in victim ? [victim.between, victim.and] : [victim.from, victim.to];
}

export function isLink(victim: VictimSelector): victim is LinkSelector {
  return typeof victim !== "string";
}

/** As plans and reports say it. */
export function victimText(victim: VictimSelector): string {
  if (!isLink(victim)) return victim;
  return "between" in victim
    ? `link between ${victim.between} and ${victim.and}`
    : `link from ${victim.from} to ${victim.to}`;
}
