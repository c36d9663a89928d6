import type { StagePhase, StagePhases } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";

/** A stretch of a stage that is reported as one: a second, or what is left of a phase. */
export interface StageSlice {
  readonly phase: StagePhase;
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/** A stage cut into seconds, and shorter ones where a phase ends between two; what is after its end is cool-down. */
export interface StageSlices {
  /** Where the stage ends. */
  readonly endUs: Micros;
  /** Where the steady phase begins. */
  readonly steadyUs: Micros;
  /** The number of the slice that a moment lies in; what is before the start counts as the first. */
  indexAt(atUs: Micros): number;
  at(index: number): StageSlice;
}

const SECOND_US = 1_000_000;

export function sliceStage(startedUs: Micros, phases: StagePhases): StageSlices {
  const slices: StageSlice[] = [];
  let fromUs = startedUs;
  const add = (phase: StagePhase, seconds: number): void => {
    const endUs = fromUs + Math.round(seconds * SECOND_US);
    while (fromUs < endUs) {
      const toUs = Math.min(fromUs + SECOND_US, endUs);
      slices.push({ phase, fromUs, toUs });
      fromUs = toUs;
    }
  };
  add("warmup", phases.warmupSeconds);
  const steadyUs = fromUs;
  add("steady", phases.steadySeconds);
  add("cool-down", phases.coolDownSeconds);
  const endUs = fromUs;
  return {
    endUs,
    steadyUs,
    indexAt: (atUs) => {
      if (atUs >= endUs) return slices.length + Math.floor((atUs - endUs) / SECOND_US);
      // A guess that is at most two too high: each phase may end with a shorter slice.
      let index = Math.min(Math.max(0, Math.floor((atUs - startedUs) / SECOND_US) + 2), slices.length - 1);
      while (index > 0 && atUs < (slices[index]?.fromUs ?? 0)) index -= 1;
      return index;
    },
    at: (index) => {
      const begunUs = endUs + (index - slices.length) * SECOND_US;
      return slices[index] ?? { phase: "cool-down", fromUs: begunUs, toUs: begunUs + SECOND_US };
    },
  };
}
