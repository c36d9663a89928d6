import { HarnessError } from "../model/errors.ts";
import type { Victim } from "../model/fault.ts";
import { COORDINATORS, type ClusterLayout, type GroupSpec, workersInUse } from "../model/layout.ts";
import {
  groupsChosen,
  type GroupsSelector,
  isLink,
  isOfGroups,
  type NodeSelector,
  type NodeSet,
  setIn,
  type VictimSelector,
  victimText,
} from "../model/victim-selector.ts";
import type { ClusterView } from "../model/view.ts";

/** The cluster as it is now; `choice` (0..1) decides among equals. */
interface Choosing {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly choice: number;
}

/** What a selector means in the cluster as it is now. Pure. Throws a HarnessError when there is nothing of the kind. */
export function chooseVictim(
  selector: VictimSelector,
  view: ClusterView,
  layout: ClusterLayout,
  choice: number,
): Victim {
  const choosing = { view, layout, choice };
  if (!isLink(selector)) {
    const nodes = nodesOf(selector, choosing);
    return { name: nodes.join(", "), nodes, link: null, ...groupAround(nodes, choosing) };
  }
  const bothWays = "between" in selector;
  const [from, to] = apart(
    nodesOf(bothWays ? selector.between : selector.from, choosing),
    nodesOf(bothWays ? selector.and : selector.to, choosing),
  );
  if (from.length === 0 || to.length === 0)
    throw noVictim(victimText(selector), "both of its ends are the same nodes");
  const name = `${from.join(", ")} ${bothWays ? "<->" : "->"} ${to.join(", ")}`;
  const nodes = [...from, ...to];
  return { name, nodes, link: { from, to, bothWays }, ...groupAround(nodes, choosing) };
}

/** What both ends have in common belongs to the smaller: between "leader of etcd" and all of it are the others. */
function apart(one: readonly string[], other: readonly string[]): readonly [string[], string[]] {
  const without = (nodes: readonly string[], taken: readonly string[]): string[] =>
    nodes.filter((node) => !taken.includes(node));
  return one.length <= other.length ? [[...one], without(other, one)] : [without(one, other), [...other]];
}

function nodesOf(selector: NodeSelector, choosing: Choosing): string[] {
  return isOfGroups(selector) ? nodesOfGroups(selector, choosing) : nodesOfSet(selector, choosing);
}

/** Of as many worker groups as are asked for, next to each other: chance decides which is the first. */
function nodesOfGroups(selector: GroupsSelector, choosing: Choosing): string[] {
  const { layout, choice } = choosing;
  const workers = workersInUse(layout.groups);
  const wanted = groupsChosen(selector, workers.length);
  if (wanted < 1 || wanted > workers.length)
    throw noVictim(victimText(selector), `there are ${workers.length} worker groups in use`);
  const chosen = turned(workers, choice).slice(0, wanted);
  return layout.groups
    .filter((group) => chosen.includes(group))
    .flatMap((group) => nodesOfSet(setIn(selector), { ...choosing, layout: { ...layout, groups: [group] } }));
}

/** In the same order, beginning with any of them. */
function turned<T>(items: readonly T[], choice: number): readonly T[] {
  const first = Math.min(Math.floor(choice * items.length), items.length - 1);
  return [...items.slice(first), ...items.slice(0, first)];
}

function nodesOfSet(set: NodeSet, choosing: Choosing): string[] {
  const { layout, view, choice } = choosing;
  const coordinators = layout.groups.filter((group) => group.name === COORDINATORS);
  const workers = workersInUse(layout.groups);
  switch (set) {
    case "primary of coordinators":
      return [primary(coordinators, set, choosing)];
    case "one replica of coordinators":
      return [pick(standbys(coordinators, set, view), choice, set, NO_STANDBY)];
    case "synchronous replica of coordinators":
      return [pick(synchronous(coordinators, view), choice, set, "no standby is synchronous")];
    case "every replica of coordinators":
      return some(standbys(coordinators, set, view), set, NO_STANDBY);
    case "every member of coordinators":
      return coordinators.flatMap(({ members }) => members);
    case "primary of one worker group":
      return [primary(workers, set, choosing)];
    case "standby of one worker group":
      return [pick(standbys(workers, set, view), choice, set, NO_STANDBY)];
    case "every member of one worker group":
      return [...pick(workers, choice, set, "there is no such group").members];
    case "the only node":
      return [onlyNode(layout)];
    case "leader of etcd":
      return [etcdLeader(set, choosing)];
    case "one follower of etcd":
      return [pick(etcdFollowers(set, choosing), choice, set, NO_FOLLOWER)];
    case "every follower of etcd":
      return some(etcdFollowers(set, choosing), set, NO_FOLLOWER);
    case "a majority of etcd":
      return majority(some(named("etcd", layout), set, NO_ETCD), choice);
    case "every member of etcd":
      return some(named("etcd", layout), set, NO_ETCD);
    case "one guard":
      return [pick(named("guard", layout), choice, set, NO_GUARD)];
    case "every guard":
      return some(named("guard", layout), set, NO_GUARD);
    case "every pgbouncer":
      return some(named("pgbouncer", layout), set, "the topology has none");
    case "haproxy":
      return some(named("haproxy", layout), set, "the topology has none");
    case "the clients":
      return named("agent", layout);
  }
}

const NO_STANDBY = "no member is a running standby";
const NO_FOLLOWER = "no member of etcd is a follower";
const NO_GUARD = "the topology has none";
const NO_ETCD = "the topology has no etcd";

function named(component: string, { nodes }: ClusterLayout): string[] {
  return nodes.filter((node) => node.component === component).map(({ name }) => name);
}

function primary(groups: readonly GroupSpec[], set: NodeSet, { view, choice }: Choosing): string {
  return leaderOf(pick(groups, choice, set, "there is no such group"), set, view);
}

function standbys(groups: readonly GroupSpec[], set: NodeSet, view: ClusterView): string[] {
  return groups.flatMap((group) => {
    const leader = leaderOf(group, set, view);
    return group.members.filter((node) => node !== leader && view.members[node]?.inRecovery === true);
  });
}

function synchronous(groups: readonly GroupSpec[], view: ClusterView): string[] {
  return groups.flatMap((group) => [...(view.synchronous[group.name] ?? [])]);
}

function onlyNode(layout: ClusterLayout): string {
  const nodes = layout.groups.flatMap((group) => group.members);
  const [only, second] = nodes;
  if (only === undefined || second !== undefined) {
    throw noVictim("the only node", `the topology has ${nodes.length} PostgreSQL nodes`);
  }
  return only;
}

function etcdLeader(set: NodeSet, { view, layout }: Choosing): string {
  const leaders = named("etcd", layout).filter((node) => view.etcd[node]?.state === "leader");
  const [leader, second] = leaders;
  if (leader !== undefined && second === undefined) return leader;
  throw noVictim(set, leader === undefined ? "etcd has no leader" : `etcd has ${leaders.length} leaders`);
}

function etcdFollowers(set: NodeSet, choosing: Choosing): string[] {
  const leader = etcdLeader(set, choosing);
  const { view, layout } = choosing;
  return named("etcd", layout).filter((node) => node !== leader && view.etcd[node]?.state === "follower");
}

/** The least number without which there is no quorum, whoever leads: chance decides who is first. */
function majority(members: readonly string[], choice: number): string[] {
  return turned(members, choice)
    .slice(0, Math.floor(members.length / 2) + 1)
    .sort();
}

/** The group of the first node that has one, whose Patroni's loop the fault is timed by. */
function groupAround(nodes: readonly string[], { layout, view }: Choosing): Pick<Victim, "group" | "leader"> {
  const own = nodes.flatMap((node) => layout.groups.find(({ members }) => members.includes(node)) ?? []);
  const group = own[0] ?? layout.groups.find(({ name }) => name === COORDINATORS);
  if (group === undefined) throw noVictim("primary of coordinators", "there is no such group");
  return { group: group.name, leader: leaderOf(group, nodes.join(", "), view) };
}

/** The holder of the leader key; where there is no Patroni, the member that is not in recovery. */
function leaderOf(group: GroupSpec, what: string, view: ClusterView): string {
  const leader =
    view.leaders[group.name] ?? group.members.find((member) => view.members[member]?.inRecovery === false);
  if (leader === undefined) throw noVictim(what, `${group.name} has no leader`);
  return leader;
}

function some(nodes: string[], set: NodeSet, otherwise: string): string[] {
  if (nodes.length === 0) throw noVictim(set, otherwise);
  return nodes;
}

function pick<T>(candidates: readonly T[], choice: number, set: NodeSet, otherwise: string): T {
  const index = Math.min(Math.floor(choice * candidates.length), candidates.length - 1);
  const picked = candidates[index];
  if (picked === undefined) throw noVictim(set, otherwise);
  return picked;
}

function noVictim(what: string, found: string): HarnessError {
  return new HarnessError({
    code: "no-victim",
    message: `Expected a victim that is "${what}"; found: ${found}.`,
    hint: "Choose a victim that the topology has, or a topology that has this victim.",
  });
}
