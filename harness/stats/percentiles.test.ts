import { expect, test } from "vitest";
import { deepestDrawn, nearestRank, samplesNeeded, valueAtPercentile, whyTooFew } from "./percentiles.ts";

test("a percentile's rank is the least at or below which so many percent of the values lie", () => {
  expect([1, 50, 95, 99, 100].map((percent) => nearestRank(percent, 100))).toEqual([1, 50, 95, 99, 100]);
  expect(nearestRank(95, 101)).toBe(96);
  expect(nearestRank(99.9, 10_000)).toBe(9990);
  expect(nearestRank(99, 1)).toBe(1);
});

test("the value at a percentile is one of the values, and 0 of none", () => {
  expect(valueAtPercentile(Float64Array.of(1, 2, 30), 50)).toBe(2);
  expect(valueAtPercentile(Float64Array.of(1, 2, 30), 99)).toBe(30);
  expect(valueAtPercentile(new Float64Array(), 50)).toBe(0);
});

test.each([50, 95, 99, 99.9] as const)("p%d is withheld for one sample less than it needs", (which) => {
  const needed = samplesNeeded[which];
  expect(whyTooFew(which, needed)).toBeNull();
  expect(whyTooFew(which, needed - 1)?.reason).toBe(
    `p${which} needs ${needed} samples, there are ${needed - 1}`,
  );
});

test("charts draw as deep a percentile as verdicts would allow", () => {
  expect([1000, 999, 100, 99, 0].map(deepestDrawn)).toEqual([99, 95, 95, 90, 90]);
});
