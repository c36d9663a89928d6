import type { Advice } from "../model/advice.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import type { Budgets, BudgetSettings } from "../model/plan.ts";
import type { Topology } from "../model/topology.ts";

/**
 * How long each wait may last. Generous on purpose: a budget ends a run that is stuck, it judges nothing. What depends
 * on the lease grows with ttl, what depends on the work grows with the number of containers. What is set stands.
 */
export function chooseBudgets(
  topology: Topology,
  advice: Advice,
  settings: Partial<BudgetSettings> = {},
): Budgets {
  const containers = layOut(topology).nodes.length;
  const lease = advice.timing?.ttl ?? topology.patroni.ttl;
  const guardsRest = topology.guard.enabled ? topology.guard.notTwiceWithinSeconds : 0;
  const longestBand = Math.max(0, ...advice.bands.map((band) => band.highSeconds));
  return {
    readyMs: seconds(settings.readySeconds ?? 60 + 3 * containers),
    redundancyMs: seconds(settings.redundancySeconds ?? 60 + 2 * lease + guardsRest),
    recoveryMs: seconds(settings.recoverySeconds ?? 30 + 2 * Math.max(lease, longestBand)),
    observedMs: seconds(settings.observedSeconds ?? 15 + lease),
    holdMs: seconds(settings.holdSeconds ?? 30 + 2 * Math.max(lease, longestBand)),
    commandMs: seconds(settings.commandSeconds ?? 30),
  };
}

function seconds(value: number): number {
  return Math.round(value * 1000);
}
