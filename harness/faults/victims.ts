import { HarnessError } from "../model/errors.ts";
import type { Victim } from "../model/fault.ts";
import { COORDINATORS, type ClusterLayout, type GroupSpec } from "../model/layout.ts";
import type { VictimSelector } from "../model/scenario.ts";
import type { ClusterView } from "../model/view.ts";

/**
 * The node that a selector means in the cluster as it is now. Pure: `choice` (0..1) decides among equals. Throws a
 * HarnessError when there is no such node.
 */
export function chooseVictim(
  selector: VictimSelector,
  view: ClusterView,
  layout: ClusterLayout,
  choice: number,
): Victim {
  const coordinators = layout.groups.filter((group) => group.name === COORDINATORS);
  const workers = layout.groups.filter((group) => group.role === "worker");
  switch (selector) {
    case "primary of coordinators":
      return primary(coordinators, selector, view, choice);
    case "one replica of coordinators":
      return standby(coordinators, selector, view, choice);
    case "synchronous replica of coordinators":
      return synchronous(coordinators, selector, view, choice);
    case "primary of one worker group":
      return primary(workers, selector, view, choice);
    case "standby of one worker group":
      return standby(workers, selector, view, choice);
    case "the only node":
      return onlyNode(layout);
  }
}

function primary(
  groups: readonly GroupSpec[],
  selector: VictimSelector,
  view: ClusterView,
  choice: number,
): Victim {
  const group = pick(groups, choice, selector, "there is no such group");
  const leader = leaderOf(group, selector, view);
  return { node: leader, group: group.name, leader };
}

function standby(
  groups: readonly GroupSpec[],
  selector: VictimSelector,
  view: ClusterView,
  choice: number,
): Victim {
  const candidates = groups
    .map((group) => ({ group, leader: leaderOf(group, selector, view) }))
    .flatMap(({ group, leader }) =>
      group.members
        .filter((node) => node !== leader && view.members[node]?.inRecovery === true)
        .map((node) => ({ node, group: group.name, leader })),
    );
  return pick(candidates, choice, selector, "no member is a running standby");
}

function synchronous(
  groups: readonly GroupSpec[],
  selector: VictimSelector,
  view: ClusterView,
  choice: number,
): Victim {
  const candidates = groups.flatMap((group) => {
    const leader = leaderOf(group, selector, view);
    const nodes = view.synchronous[group.name] ?? [];
    return nodes.map((node) => ({ node, group: group.name, leader }));
  });
  return pick(candidates, choice, selector, "no standby is synchronous");
}

function onlyNode(layout: ClusterLayout): Victim {
  const nodes = layout.groups.flatMap((group) => group.members.map((node) => ({ node, group: group.name })));
  const [only, second] = nodes;
  if (only === undefined || second !== undefined) {
    throw noVictim("the only node", `the topology has ${nodes.length} PostgreSQL nodes`);
  }
  return { ...only, leader: only.node };
}

/** The holder of the leader key; where there is no Patroni, the member that is not in recovery. */
function leaderOf(group: GroupSpec, selector: VictimSelector, view: ClusterView): string {
  const leader =
    view.leaders[group.name] ?? group.members.find((member) => view.members[member]?.inRecovery === false);
  if (leader === undefined) throw noVictim(selector, `${group.name} has no leader`);
  return leader;
}

function pick<T>(candidates: readonly T[], choice: number, selector: VictimSelector, otherwise: string): T {
  const index = Math.min(Math.floor(choice * candidates.length), candidates.length - 1);
  const picked = candidates[index];
  if (picked === undefined) throw noVictim(selector, otherwise);
  return picked;
}

function noVictim(selector: VictimSelector, found: string): HarnessError {
  return new HarnessError({
    code: "no-victim",
    message: `Expected a node that is "${selector}"; found: ${found}.`,
    hint: "Choose a victim that the topology has, or a topology that has this victim.",
  });
}
