import type { FaultDescription } from "../model/fault.ts";
import type { PlannedInjection } from "../model/plan.ts";
import { resolveStep, type ResolvedStep } from "../model/resolve-step.ts";
import { nameOfStep, type Step } from "../model/scenario.ts";
import type { Random } from "../model/workload.ts";

/**
 * The injections in the order they will happen. Rounds of one injection per kind, each round in random order, so that
 * whatever drifts over a run (caches, bloat, the machine) hits all kinds alike. The phases of Patroni's loop are drawn
 * one from each n-th part of the loop for a fault's n injections: random, and yet spread over the whole loop however
 * few there are.
 */
export function orderInjections(
  steps: readonly Step[],
  faults: Readonly<Record<string, FaultDescription>>,
  random: Random,
): readonly PlannedInjection[] {
  const queues = steps.map((step) => ({
    step: resolved(step, faults),
    phases: [...loopPhases(step.injections, random)],
  }));
  const injections: PlannedInjection[] = [];
  while (queues.some((queue) => queue.phases.length > 0)) {
    const round = queues.filter((queue) => queue.phases.length > 0);
    for (const { step, phases } of shuffled(round, random)) {
      injections.push({
        injection: injections.length + 1,
        kind: step.fault.kind,
        fault: step.fault.name,
        failureClass: step.fault.failureClass,
        victim: step.victim,
        loopPhase: rounded(phases.shift() ?? 0),
        choice: rounded(random()),
        ...(step.holdUntil === undefined ? {} : { holdUntil: step.holdUntil }),
        ...(step.leastSeconds === undefined ? {} : { leastSeconds: step.leastSeconds }),
        ...healedAfter(step, random),
      });
    }
  }
  return injections;
}

/** To the millisecond. Where chance decides, it is asked for each injection anew. */
function healedAfter(
  { healAfterSeconds, healBetweenSeconds: between }: ResolvedStep,
  random: Random,
): Pick<PlannedInjection, "healAfterSeconds"> {
  if (between !== undefined)
    return { healAfterSeconds: rounded(between.least + random() * (between.most - between.least)) };
  return healAfterSeconds === undefined ? {} : { healAfterSeconds };
}

function loopPhases(count: number, random: Random): readonly number[] {
  const spread = Array.from({ length: count }, (_, part) => (part + random()) / count);
  return shuffled(spread, random);
}

function resolved(step: Step, faults: Readonly<Record<string, FaultDescription>>): ResolvedStep {
  const found = resolveStep(step, faults);
  if (found !== undefined) return found;
  throw new TypeError(`The scenario was not checked: there is no "${nameOfStep(step)}".`);
}

/** Three decimals; of what is below 1 never 1: below a loop's length. */
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
