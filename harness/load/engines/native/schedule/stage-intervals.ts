import type { StagePhase, StagePhases } from "../../../../model/benchmark.ts";
import type { Micros } from "../../../../model/clock.ts";

/** A second (or what is left of one) of one phase of a stage. */
export interface StageInterval {
  readonly phase: StagePhase;
  readonly fromUs: Micros;
  readonly toUs: Micros;
  readonly lastOfPhase: boolean;
}

/** Phases in the order of a stage; an operation's `phase` is the position here. */
export const stagePhases = ["warmup", "steady", "cool-down"] as const satisfies readonly StagePhase[];

const SECOND_US = 1_000_000;

/** A stage's phases cut into seconds, each phase from its own beginning. Phases of no length have none. */
export function stageIntervals(phases: StagePhases, startedUs: Micros): readonly StageInterval[] {
  const intervals: StageInterval[] = [];
  let fromUs = startedUs;
  const lengths = [phases.warmupSeconds, phases.steadySeconds, phases.coolDownSeconds];
  stagePhases.forEach((phase, index) => {
    const endUs = Math.round(fromUs + (lengths[index] ?? 0) * SECOND_US);
    while (fromUs < endUs) {
      const toUs = Math.min(fromUs + SECOND_US, endUs);
      intervals.push({ phase, fromUs, toUs, lastOfPhase: toUs === endUs });
      fromUs = toUs;
    }
  });
  return intervals;
}
