import type { Micros } from "../model/clock.ts";
import type { RecordedStage, StageSecond } from "../model/stage.ts";
import { leastOf, mostOf } from "./extremes.ts";

/** The seconds of a stage that count for its figures: of what was due from the steady phase's beginning until before its end. */
export function steadySeconds({ seconds }: Pick<RecordedStage, "seconds">): readonly StageSecond[] {
  return seconds.filter(({ phase }) => phase === "steady");
}

/** The stages whose load went on under faults. */
export function sustainedStages(stages: readonly RecordedStage[]): readonly RecordedStage[] {
  return stages.filter(({ stage }) => stage.purpose === "sustained");
}

/** From the beginning of the first of some seconds to the end of the last; of none an empty stretch. */
export function stretchOf(seconds: readonly StageSecond[]): readonly [fromUs: Micros, toUs: Micros] {
  return [leastOf(seconds, ({ fromUs }) => fromUs), mostOf(seconds, ({ toUs }) => toUs)];
}
