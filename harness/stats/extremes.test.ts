import { expect, test } from "vitest";
import { leastOf, mostOf } from "./extremes.ts";

test("the least and the most of a million are found, however many fit on the stack", () => {
  const all = Array.from({ length: 1_000_000 }, (_, index) => ({ at: (index * 7919) % 1_000_003 }));
  expect(leastOf(all, ({ at }) => at)).toBe(0);
  expect(mostOf(all, ({ at }) => at)).toBe(1_000_002);
});

test("of none they are what any number is below, and above", () => {
  expect(leastOf([], () => 1)).toBe(Infinity);
  expect(mostOf([], () => 1)).toBe(-Infinity);
});
