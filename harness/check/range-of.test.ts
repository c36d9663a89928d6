import { expect, test } from "vitest";
import { rangeOf } from "./range-of.ts";

test("ranges include both their ends and nothing between them", () => {
  const ranges = [
    [1, 3],
    [7, 7],
    [10, 12],
  ] as const;
  const inside = Array.from({ length: 14 }, (_, id) => id).filter((id) => rangeOf(ranges, id) !== undefined);
  expect(inside).toEqual([1, 2, 3, 7, 10, 11, 12]);
});

test("an empty ledger holds nothing", () => {
  expect(rangeOf([], 1)).toBeUndefined();
});
