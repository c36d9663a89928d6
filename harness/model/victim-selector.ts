/** What a node is to faults. `clients` is the agent, which sends the load. */
export type NodeKind = "postgres" | "etcd" | "guard" | "pgbouncer" | "haproxy" | "clients";

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
  "one guard": "guard",
  "every guard": "guard",
  "every pgbouncer": "pgbouncer",
  haproxy: "haproxy",
  "the clients": "clients",
} as const satisfies Readonly<Record<string, NodeKind>>;

export type NodeSet = keyof typeof nodeSets;

/** For schemas, which want a list of at least one. */
export const nodeSetNames = Object.keys(nodeSets) as [NodeSet, ...NodeSet[]];

/** Who of a worker group is hit where several groups are hit at once. */
export const workerMembers = ["primary", "standby", "every member"] as const;

/**
 * The same members of several worker groups, which chance chooses: of so many groups, or of a share of them (above 0, at
 * most 1), rounded down.
 */
export type GroupsSelector = { readonly hit: (typeof workerMembers)[number] } & (
  { readonly workerGroups: number } | { readonly shareOfWorkerGroups: number }
);

/** Some nodes of a cluster. */
export type NodeSelector = NodeSet | GroupsSelector;

/** The way between two sets of nodes, in both directions; or from one to the other alone, the way back being whole. */
export type LinkSelector =
  | { readonly between: NodeSelector; readonly and: NodeSelector }
  | { readonly from: NodeSelector; readonly to: NodeSelector };

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
export type VictimSelector = NodeSelector | LinkSelector;

/** Of a link its two ends, those of the nodes themselves otherwise. */
export function endsOf(
  victim: VictimSelector,
): readonly [NodeSelector] | readonly [NodeSelector, NodeSelector] {
  if (!isLink(victim)) return [victim];
  return "between" in victim ? [victim.between, victim.and] : [victim.from, victim.to];
}

/** Of each end, as `setIn` has it. */
export function setsOf(victim: VictimSelector): readonly NodeSet[] {
  return endsOf(victim).map(setIn);
}

/** The set that this is; where several worker groups are hit, what is hit of each. */
export function setIn(nodes: NodeSelector): NodeSet {
  return isOfGroups(nodes) ? `${nodes.hit} of one worker group` : nodes;
}

/** How many worker groups are hit of so many; 0, or more than there are: it cannot be done. */
export function groupsChosen(selector: GroupsSelector, groups: number): number {
  // A share that is written in decimals comes out a little below the number that is meant.
  return "workerGroups" in selector
    ? selector.workerGroups
    : Math.floor(selector.shareOfWorkerGroups * groups + 1e-9);
}

export function isLink(victim: VictimSelector): victim is LinkSelector {
  return typeof victim !== "string" && !("hit" in victim);
}

export function isOfGroups(victim: VictimSelector): victim is GroupsSelector {
  return typeof victim !== "string" && "hit" in victim;
}

/** As plans and reports say it; where it is known of how many worker groups a share is, with their number. */
export function victimText(victim: VictimSelector, groups?: number): string {
  if (typeof victim === "string") return victim;
  if (isOfGroups(victim)) return groupsText(victim, groups);
  const text = (end: NodeSelector): string => victimText(end, groups);
  return "between" in victim
    ? `link between ${text(victim.between)} and ${text(victim.and)}`
    : `link from ${text(victim.from)} to ${text(victim.to)}`;
}

function groupsText(selector: GroupsSelector, groups: number | undefined): string {
  const { hit } = selector;
  if ("workerGroups" in selector)
    return `${hit} of ${selector.workerGroups} worker group${selector.workerGroups === 1 ? "" : "s"}`;
  const percent = Math.round(selector.shareOfWorkerGroups * 100_000) / 1000;
  const counted = groups === undefined ? "" : ` (${groupsChosen(selector, groups)} of ${groups})`;
  return `${hit} of ${percent} % of the worker groups${counted}`;
}
