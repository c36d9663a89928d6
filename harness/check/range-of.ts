import type { LedgerReading } from "../model/recording.ts";

/** The one of inclusive, ascending ranges that holds the id; undefined where none does. Binary search. */
export function rangeOf(
  ranges: LedgerReading["present"],
  id: number,
): LedgerReading["present"][number] | undefined {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return undefined;
    if (id < range[0]) high = middle - 1;
    else if (id > range[1]) low = middle + 1;
    else return range;
  }
  return undefined;
}
