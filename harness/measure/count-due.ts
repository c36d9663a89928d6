import type { Micros } from "../model/clock.ts";
import type { Samples } from "../model/samples.ts";

/** How many operations, in order of intended start, were due from `fromUs` until before `toUs`. Binary search. */
export function countDue(samples: Samples, fromUs: Micros, toUs: Micros): number {
  return Math.max(0, indexFrom(samples, toUs) - indexFrom(samples, fromUs));
}

/** Index of the first operation that was due at or after the moment. */
function indexFrom(samples: Samples, atUs: Micros): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples.at(middle)?.intendedUs ?? Infinity) < atUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
