import type { Figure } from "../model/measurement.ts";
import { figureWithin } from "../stats/figures.ts";
import { lengthOf } from "../stats/stretches.ts";
import type { InjectionWindow } from "./list-injections.ts";
import type { ServiceSeen } from "./see-service.ts";

/**
 * Seconds unserved in one injection's window: the sum of its episodes. Where the client did not look, it lies between
 * what was seen to go unserved and what was not seen to be served. "At least" when an episode had not ended, or when the
 * window was not watched until service was back; withheld when there is nothing to judge by.
 */
export function unavailability(
  window: InjectionWindow,
  { unserved, notSeenServed }: ServiceSeen,
  probesInWindow: number,
  alreadyUnserved = false,
): Figure {
  if (alreadyUnserved) {
    return { kind: "withheld", reason: "service was missing already when the fault struck" };
  }
  if (probesInWindow === 0) return { kind: "withheld", reason: "no probe was recorded in the window" };
  if (unserved.length === 0 && !window.settled) {
    return { kind: "withheld", reason: "the fault was not seen through to its end" };
  }
  const open = unserved.some(({ toUs }) => toUs === null);
  const seenUs = unserved.reduce((sum, { fromUs, toUs }) => {
    return sum + Math.max(0, (toUs ?? window.windowEndUs) - fromUs);
  }, 0);
  if (open || !window.settled) return { kind: "at-least", value: seenUs / 1e6 };
  return figureWithin(seenUs / 1e6, Math.max(seenUs, lengthOf(notSeenServed)) / 1e6);
}
