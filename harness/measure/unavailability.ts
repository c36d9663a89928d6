import type { Episode, Figure } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";

/**
 * Seconds unserved in one injection's window: the sum of its episodes. "At least" when one had not ended, or when the
 * window was not watched until service was back; withheld when there is nothing to judge by.
 */
export function unavailability(
  window: InjectionWindow,
  episodes: readonly Episode[],
  probesInWindow: number,
  alreadyUnserved = false,
): Figure {
  if (alreadyUnserved) {
    return { kind: "withheld", reason: "service was missing already when the fault struck" };
  }
  if (probesInWindow === 0) return { kind: "withheld", reason: "no probe was recorded in the window" };
  if (episodes.length === 0 && !window.settled) {
    return { kind: "withheld", reason: "the fault was not seen through to its end" };
  }
  const open = episodes.some(({ toUs }) => toUs === null);
  const totalUs = episodes.reduce((sum, { fromUs, toUs }) => {
    return sum + Math.max(0, (toUs ?? window.windowEndUs) - fromUs);
  }, 0);
  return { kind: open || !window.settled ? "at-least" : "value", value: totalUs / 1e6 };
}
