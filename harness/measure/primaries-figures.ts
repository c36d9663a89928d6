import type { Micros } from "../model/clock.ts";
import type { Figure } from "../model/measurement.ts";
import type { GroupPrimaries, PrimariesStretch } from "../model/primaries.ts";
import { figureWithin } from "../stats/figures.ts";

/** From a moment to a moment. */
export type Window = readonly [fromUs: Micros, toUs: Micros];

/** How long two members of any group were writable at once within the windows, which do not overlap. Milliseconds. */
export function twoPrimariesMs(groups: readonly GroupPrimaries[], windows: readonly Window[]): Figure {
  if (!groups.some(({ watched }) => watched)) {
    return { kind: "withheld", reason: "no observer looked at a group of several members" };
  }
  const stretches = groups.flatMap((group) => group.stretches);
  const lastedUs = (of: readonly PrimariesStretch[]): number =>
    of.reduce(
      (sum, stretch) => sum + windows.reduce((within, window) => within + overlap(stretch, window), 0),
      0,
    );
  const seen = lastedUs(stretches.filter(({ writable }) => writable.length > 1));
  return figureWithin(seen / 1000, lastedUs(stretches) / 1000);
}

function overlap({ fromUs, toUs }: PrimariesStretch, [beginUs, endUs]: Window): number {
  return Math.max(0, Math.min(toUs, endUs) - Math.max(fromUs, beginUs));
}
