import type { LedgerReading } from "../model/recording.ts";

/** Is the id in one of the inclusive, ascending ranges? Binary search. */
export function containsId(ranges: LedgerReading["present"], id: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (id < range[0]) high = middle - 1;
    else if (id > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
