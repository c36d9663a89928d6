import type { StagePhases } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import { stageIntervals, type StageInterval } from "../native/schedule/stage-intervals.ts";

/** A stage cut into seconds, and shorter ones where a phase ends between two. */
export interface StageSlices {
  readonly all: readonly StageInterval[];
  /** Where the stage ends. */
  readonly endUs: Micros;
  /** Where the steady phase begins. */
  readonly steadyUs: Micros;
  /** The number of the slice that a moment lies in: the first one before the start, the last one after the end. */
  indexAt(atUs: Micros): number;
  /** The slice in which an operation counts: where it ended, or the last one of the phase in which it was due. */
  indexOf(intendedUs: Micros, endUs: Micros): number;
}

const SECOND_US = 1_000_000;

export function sliceStage(startedUs: Micros, phases: StagePhases): StageSlices {
  const all = stageIntervals(phases, startedUs);
  const indexAt = (atUs: Micros): number => {
    // A guess that is at most two too high: each phase may end with a shorter slice.
    let index = Math.min(Math.max(0, Math.floor((atUs - startedUs) / SECOND_US) + 2), all.length - 1);
    while (index > 0 && atUs < (all[index]?.fromUs ?? 0)) index -= 1;
    return index;
  };
  return {
    all,
    endUs: all.at(-1)?.toUs ?? startedUs,
    steadyUs: startedUs + Math.round(phases.warmupSeconds * SECOND_US),
    indexAt,
    indexOf: (intendedUs, endUs) => {
      const ended = indexAt(endUs);
      let index = indexAt(intendedUs);
      while (index < ended && all[index]?.lastOfPhase === false) index += 1;
      return index;
    },
  };
}
