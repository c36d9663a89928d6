import type { ResourceReading } from "../model/resource.ts";
import type { RecordedStage } from "../model/stage.ts";

/** The readings that were taken from the first steady second of a stage to the end of its last. */
export function readingsInSteady(
  resources: readonly ResourceReading[],
  { seconds }: Pick<RecordedStage, "seconds">,
): readonly ResourceReading[] {
  let fromUs = Infinity;
  let toUs = -Infinity;
  for (const second of seconds) {
    if (second.phase !== "steady") continue;
    fromUs = Math.min(fromUs, second.fromUs);
    toUs = Math.max(toUs, second.toUs);
  }
  return resources.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
}
