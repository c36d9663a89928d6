import type { Micros } from "../model/clock.ts";
import type { StageSecond } from "../model/stage.ts";

/**
 * The readings that speak of a stage's steady phase. A reading counts for the second before it: one at the phase's
 * beginning speaks of what was before, one at its end of the phase.
 */
export function steadyReadings<Reading extends { readonly atUs: Micros }>(
  readings: readonly Reading[],
  { seconds }: { readonly seconds: readonly Pick<StageSecond, "phase" | "fromUs" | "toUs">[] },
): readonly Reading[] {
  let fromUs = Infinity;
  let toUs = -Infinity;
  for (const second of seconds) {
    if (second.phase !== "steady") continue;
    fromUs = Math.min(fromUs, second.fromUs);
    toUs = Math.max(toUs, second.toUs);
  }
  return readings.filter(({ atUs }) => atUs > fromUs && atUs <= toUs);
}
