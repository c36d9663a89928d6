import type { StageMeasurement } from "../harness/model/measurement.ts";
import { counted } from "../harness/model/format-value.ts";

/**
 * Whether the client was fit to measure what it measured, as the measurement of each stage decided: half a sentence.
 * `null`: no stage was measured.
 */
export function clientInOneLine(stages: readonly StageMeasurement[]): string | null {
  if (stages.length === 0) return null;
  const full = stages.filter(({ client }) => client.clientBound !== null).length;
  const late = stages.filter(({ client }) => client.clientLate !== null).length;
  const still = stages.filter(({ client }) => client.stoodStill !== null).length;
  return [
    full === 0
      ? "the client was not the limit in any stage"
      : `the client was the limit in ${counted(full, "stage")}`,
    ...(late === 0 ? [] : [`it was late in ${counted(late, "stage")}`]),
    ...(still === 0 ? [] : [`it stood still for a time in ${counted(still, "stage")}`]),
  ].join(", ");
}
