import { describe, expect, test } from "vitest";
import { autoregression } from "./autoregression.fake.ts";
import { autocorrelationTime } from "./autocorrelation-time.ts";

describe("the autocorrelation time", () => {
  test("of independent values is little more than one", () => {
    expect(autocorrelationTime(autoregression({ n: 2000, phi: 0, seed: 1 }))).toBeLessThan(1.4);
  });

  test("of an autoregression is (1 + phi) / (1 - phi), and hardly ever taken for less", () => {
    const times = Array.from({ length: 50 }, (_, seed) =>
      autocorrelationTime(autoregression({ n: 2000, phi: 0.8, seed })),
    ).sort((a, b) => a - b);
    expect(times[5]).toBeGreaterThan(9);
    expect(times[45]).toBeLessThan(18);
  });

  test("of a series that drifts all the way is not known", () => {
    expect(autocorrelationTime(Array.from({ length: 40 }, (_, index) => index))).toBeGreaterThan(20);
  });

  test("of a constant series is as short as its length can show", () => {
    const constant = (n: number) => autocorrelationTime(Array.from({ length: n }, () => 7));
    expect(constant(2000)).toBeLessThan(1.2);
    expect(constant(60)).toBeLessThan(2);
    expect(constant(6)).toBe(Infinity);
  });
});
