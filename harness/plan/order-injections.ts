import type { FaultDescription } from "../model/fault.ts";
import type { PlannedInjection } from "../model/plan.ts";
import type { FaultStep } from "../model/scenario.ts";
import type { Random } from "../model/workload.ts";

/**
 * The injections in the order they will happen. Rounds of one injection per kind, each round in random order, so that
 * whatever drifts over a run (caches, bloat, the machine) hits all kinds alike. The phases of Patroni's loop are drawn
 * one from each n-th part of the loop for a fault's n injections: random, and yet spread over the whole loop however
 * few there are.
 */
export function orderInjections(
  steps: readonly FaultStep[],
  faults: Readonly<Record<string, FaultDescription>>,
  random: Random,
): readonly PlannedInjection[] {
  const queues = steps.map((step) => ({ step, phases: [...loopPhases(step.injections, random)] }));
  const injections: PlannedInjection[] = [];
  while (queues.some((queue) => queue.phases.length > 0)) {
    const round = queues.filter((queue) => queue.phases.length > 0);
    for (const { step, phases } of shuffled(round, random)) {
      injections.push({
        injection: injections.length + 1,
        fault: step.fault,
        failureClass: failureClassOf(step.fault, faults),
        victim: step.victim,
        loopPhase: rounded(phases.shift() ?? 0),
        choice: rounded(random()),
        ...(step.holdUntil === undefined ? {} : { holdUntil: step.holdUntil }),
        ...(step.leastSeconds === undefined ? {} : { leastSeconds: step.leastSeconds }),
        ...(step.healAfterSeconds === undefined ? {} : { healAfterSeconds: step.healAfterSeconds }),
      });
    }
  }
  return injections;
}

function loopPhases(count: number, random: Random): readonly number[] {
  const spread = Array.from({ length: count }, (_, part) => (part + random()) / count);
  return shuffled(spread, random);
}

function failureClassOf(
  name: string,
  faults: Readonly<Record<string, FaultDescription>>,
): PlannedInjection["failureClass"] {
  const fault = faults[name];
  if (fault === undefined) throw new TypeError(`The scenario was not checked: there is no fault "${name}".`);
  return fault.failureClass;
}

/** Three decimals, never 1: below a loop's length. */
function rounded(value: number): number {
  return Math.floor(value * 1000) / 1000;
}

/** The items in random order (Fisher-Yates); the input stays as it is. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}
