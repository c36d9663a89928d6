import { expect, test } from "vitest";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { endlessSchedule, mergedSchedule, type OpenSchedule } from "./open-schedule.ts";

const never = () => 0;

function firstOf(count: number, schedule: OpenSchedule): number[] {
  return Array.from({ length: count }, () => {
    const { dueUs } = schedule;
    schedule.advance();
    return dueUs;
  });
}

test("a constant schedule at 100/s has exactly 100 operations in every second, and never drifts", () => {
  const schedule = endlessSchedule({ arrival: "constant", ratePerSecond: 100, offset: 0.5, random: never });
  const due = firstOf(360_000, schedule).map(Math.round);
  expect(due[0]).toBe(5000);
  expect(due.at(-1)).toBe(5000 + 359_999 * 10_000);
  for (const second of [0, 1, 1800, 3599]) {
    const from = 5000 + second * 1_000_000;
    expect(due.filter((us) => us >= from && us < from + 1_000_000)).toHaveLength(100);
  }
});

test("a rate that does not divide a second is kept to the microsecond over an hour", () => {
  const schedule = endlessSchedule({ arrival: "constant", ratePerSecond: 70, offset: 0, random: never });
  expect(Math.round(firstOf(252_001, schedule).at(-1)!)).toBe(3_600_000_000);
});

test("a schedule that begins with a ramp sends half as many meanwhile, ever sooner, and keeps its rate from then on", () => {
  const schedule = endlessSchedule({
    arrival: "constant",
    ratePerSecond: 100,
    rampSeconds: 4,
    offset: 0,
    random: never,
  });
  const due = firstOf(1000, schedule);
  const inSecond = (second: number): number =>
    due.filter((us) => us >= second * 1e6 && us < (second + 1) * 1e6).length;
  // The integral of 25 t: 12.5, 37.5, 62.5 and 87.5.
  expect([0, 1, 2, 3].map(inSecond)).toEqual([13, 37, 63, 87]);
  expect([4, 5, 6, 7].map(inSecond)).toEqual([100, 100, 100, 100]);
  expect(due.every((us, index) => index === 0 || us > (due[index - 1] ?? 0))).toBe(true);
});

test("schedules as one: operations come in the order of time, each with its own schedule's number and its place", () => {
  const constant = (ratePerSecond: number, offset: number) =>
    endlessSchedule({ arrival: "constant", ratePerSecond, offset, random: never });
  const merged = mergedSchedule([constant(100, 0), constant(50, 0.25), constant(100, 0.75)]);
  const seen = Array.from({ length: 10 }, () => {
    const { number, dueUs } = merged;
    merged.advance();
    return [number % 3, Math.floor(number / 3), Math.round(dueUs / 1000)];
  });
  expect(seen).toEqual([
    [0, 0, 0],
    [1, 0, 5],
    [2, 0, 8],
    [0, 1, 10],
    [2, 1, 18],
    [0, 2, 20],
    [1, 1, 25],
    [2, 2, 28],
    [0, 3, 30],
    [2, 3, 38],
  ]);
});

test("a Poisson schedule has the mean and variance of its counts per second within four standard errors", () => {
  const seconds = 2000;
  const rate = 50;
  const random = seededRandom(42, "poisson");
  const schedule = endlessSchedule({ arrival: "poisson", ratePerSecond: rate, offset: 0, random });
  const counts = new Array<number>(seconds).fill(0);
  while (schedule.dueUs < seconds * 1_000_000) {
    counts[Math.floor(schedule.dueUs / 1_000_000)]! += 1;
    schedule.advance();
  }
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
      endlessSchedule({
        arrival: "poisson",
        ratePerSecond: 10,
        offset: 0,
        random: seededRandom(seed, purpose),
      }),
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
