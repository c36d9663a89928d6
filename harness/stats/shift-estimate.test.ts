import { expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { shiftEstimate } from "./shift-estimate.ts";

test("the shift of a textbook's data and its interval are as published", () => {
  // Hollander and Wolfe (1973), p. 69 and 76: 0.305, from -0.15 to 0.76.
  const { estimate, low, high, confidence } = shiftEstimate(
    [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.9, 0.74, 1.21],
    0.95,
  );
  expect(estimate).toBeCloseTo(0.305, 9);
  expect([low, high]).toEqual([expect.closeTo(-0.15, 9), expect.closeTo(0.76, 9)]);
  expect(confidence).toBe(0.95);
});

test("three against three give no interval surer than 90 %: all differences that there are", () => {
  expect(shiftEstimate([11, 12, 13], [1, 2, 3], 0.95)).toEqual({
    estimate: 10,
    low: 8,
    high: 12,
    confidence: expect.closeTo(0.9, 9) as number,
  });
});

test.each([6, 25])("of %i values the interval holds the true shift as often as it says", (count) => {
  const random = seededRandom(11, "shift");
  const draw = (shift: number) => Array.from({ length: count }, () => shift - Math.log(1 - random()));
  const held = Array.from({ length: 600 }, () => shiftEstimate(draw(0.5), draw(0), 0.95)).filter(
    ({ low, high }) => low <= 0.5 && 0.5 <= high,
  ).length;
  // Three standard errors of a share of 600 below 95 %.
  expect(held / 600).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / 600));
});
