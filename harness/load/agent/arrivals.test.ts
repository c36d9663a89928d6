import { expect, test } from "vitest";
import { arrivals } from "./arrivals.ts";
import { seededRandom } from "../../support/seeded-random.ts";

function firstOf(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

test("a constant schedule at 100/s has exactly 100 operations in every second, and never drifts", () => {
  const next = arrivals({ arrival: "constant", ratePerSecond: 100, firstUs: 7, random: () => 0 });
  const due = firstOf(360_000, next);
  expect(due[0]).toBe(7);
  expect(due.at(-1)).toBe(7 + 359_999 * 10_000);
  for (const second of [0, 1, 1800, 3599]) {
    const from = 7 + second * 1_000_000;
    expect(due.filter((us) => us >= from && us < from + 1_000_000)).toHaveLength(100);
  }
});

test("a rate that does not divide a second is kept to the microsecond over an hour", () => {
  const next = arrivals({ arrival: "constant", ratePerSecond: 70, firstUs: 0, random: () => 0 });
  expect(firstOf(252_001, next).at(-1)).toBe(3_600_000_000);
});

test("a Poisson schedule has the mean and variance of its counts per second within four standard errors", () => {
  const seconds = 2000;
  const rate = 50;
  const next = arrivals({
    arrival: "poisson",
    ratePerSecond: rate,
    firstUs: 0,
    random: seededRandom(42, "poisson"),
  });
  const counts = new Array<number>(seconds).fill(0);
  for (let us = next(); us < seconds * 1_000_000; us = next()) counts[Math.floor(us / 1_000_000)]! += 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / seconds;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (seconds - 1);
  // Standard errors: of the mean sqrt(rate / seconds), of a Poisson variance sqrt((2 rate^2 + rate) / seconds).
  expect(Math.abs(mean - rate)).toBeLessThan(4 * Math.sqrt(rate / seconds));
  expect(Math.abs(variance - rate)).toBeLessThan(4 * Math.sqrt((2 * rate ** 2 + rate) / seconds));
});

test("the same seed makes the same schedule, another seed or purpose another one", () => {
  const due = (seed: number, purpose: string): number[] =>
    firstOf(
      50,
      arrivals({ arrival: "poisson", ratePerSecond: 10, firstUs: 0, random: seededRandom(seed, purpose) }),
    );
  expect(due(1, "a")).toEqual(due(1, "a"));
  expect(due(1, "a")).not.toEqual(due(2, "a"));
  expect(due(1, "a")).not.toEqual(due(1, "b"));
});

test("chance is spread evenly over [0, 1)", () => {
  const random = seededRandom(2 ** 40 + 5, "spread");
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw += 1) tenths[Math.floor(random() * 10)]! += 1;
  // Chi-squared with 9 degrees of freedom: 27.9 is the 0.1 % point.
  const chiSquared = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquared).toBeLessThan(27.9);
});
