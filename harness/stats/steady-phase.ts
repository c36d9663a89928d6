import type { RecordedStage, StageSecond } from "../model/stage.ts";

/** The seconds of a stage that count for its figures: of what was due from the steady phase's beginning until before its end. */
export function steadySeconds({ seconds }: Pick<RecordedStage, "seconds">): readonly StageSecond[] {
  return seconds.filter(({ phase }) => phase === "steady");
}
