import type { ResourceReading } from "../harness/model/resource.ts";
import type { RecordedStage } from "../harness/model/stage.ts";

/** Readings of the resources that lie within a stage's steady phase; a reading counts for the second before it. */
export function steadyReadings(
  { seconds }: RecordedStage,
  resources: readonly ResourceReading[],
): readonly ResourceReading[] {
  const steady = seconds.filter(({ phase }) => phase === "steady");
  if (steady.length === 0) return [];
  const fromUs = Math.min(...steady.map((second) => second.fromUs));
  const toUs = Math.max(...steady.map((second) => second.toUs));
  return resources.filter(({ atUs }) => atUs > fromUs && atUs <= toUs);
}
