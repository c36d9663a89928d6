import { describe, expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { mannWhitney } from "./mann-whitney.ts";

describe("the Mann-Whitney test", () => {
  test("agrees with the formula worked by hand for a textbook's data", () => {
    // Hollander and Wolfe (1973), p. 69: permeability of human membranes; two-sided, with continuity.
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    // U = 35 of 50: z = (10 - 0.5) / sqrt(50 * 16 / 12).
    expect(mannWhitney(term, early).pValue).toBeCloseTo(0.2446, 3);
  });

  test("corrects for ties", () => {
    // Ranks 1.5 1.5 4 4 | 4 6.5 6.5 8; U = 1; variance (16 / 12) * (9 - 36 / 56).
    const { pValue } = mannWhitney([1, 1, 2, 2], [2, 3, 3, 4]);
    const z = (7 - 0.5) / Math.sqrt((16 / 12) * (9 - (6 + 24 + 6) / 56));
    expect(pValue).toBeCloseTo(2 * (1 - phi(z)), 5);
  });

  test("is the same from either side", () => {
    const one = [3, 5, 7, 9, 11, 13, 15, 17];
    const other = [4, 6, 6, 8, 18, 20, 22, 30, 31];
    expect(mannWhitney(one, other).pValue).toBeCloseTo(mannWhitney(other, one).pValue, 12);
  });

  test("finds nothing where all values are equal", () => {
    expect(mannWhitney([1, 1, 1], [1, 1, 1]).pValue).toBe(1);
  });

  test("cries wolf about as often as its level says", () => {
    const random = seededRandom(3);
    const draw = () => Array.from({ length: 20 }, () => -Math.log(1 - random()));
    const alarms = Array.from({ length: 2000 }, () => mannWhitney(draw(), draw())).filter(
      ({ pValue }) => pValue < 0.05,
    ).length;
    expect(alarms / 2000).toBeGreaterThan(0.03);
    expect(alarms / 2000).toBeLessThan(0.07);
  });
});

/** The normal distribution function by its series (Abramowitz and Stegun, 26.2.10). */
function phi(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; n < 60; n++) {
    term *= (-z * z) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}
