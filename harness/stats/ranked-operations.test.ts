import { expect, test } from "vitest";
import { CountedTimes } from "./counted-times.ts";
import {
  largest,
  longestOfDue,
  percentile,
  percentileOfDue,
  percentileOfOk,
  rankTimes,
} from "./ranked-operations.ts";

const thousand = times(1000, (index) => index + 1);

test("percentiles of 1 to 1000 by nearest rank are themselves", () => {
  expect(percentile(thousand, 50, 1)).toEqual({ kind: "value", value: 500 });
  expect(percentile(thousand, 95, 1)).toEqual({ kind: "value", value: 950 });
  expect(percentile(thousand, 99, 1)).toEqual({ kind: "value", value: 990 });
});

test.each([
  [50, 9],
  [95, 99],
  [99, 999],
  [99.9, 9_999],
] as const)("p%d of %i samples is withheld", (which, n) => {
  const figure = percentile(
    times(n, () => 0),
    which,
    1,
  );
  expect(figure).toMatchObject({ kind: "withheld" });
  expect(
    percentile(
      times(n + 1, () => 0),
      which,
      1,
    ),
  ).toMatchObject({ kind: "value" });
});

test("the max of nothing is withheld, of one is itself, in the unit asked for", () => {
  expect(
    largest(
      times(0, () => 0),
      1,
    ),
  ).toMatchObject({ kind: "withheld" });
  expect(
    largest(
      times(1, () => 2500),
      1 / 1000,
    ),
  ).toEqual({ kind: "value", value: 2.5 });
});

const timeoutMs = 2000;

test("600 answered within 1 ms beside 400 that failed have a p50 of 1 ms, and a p99 of at least the time-out", () => {
  const ranked = rankTimes(
    times(600, () => 1000),
    { notOk: 400, timeoutMs },
  );
  expect(percentileOfDue(50, ranked)).toEqual({ kind: "value", value: 1 });
  expect(percentileOfDue(95, ranked)).toEqual({ kind: "at-least", value: 2000 });
  expect(percentileOfDue(99, ranked)).toEqual({ kind: "at-least", value: 2000 });
  expect(longestOfDue(ranked)).toEqual({ kind: "at-least", value: 2000 });
});

test("what did not end ok ranks after an answer that took longer than the time-out, too", () => {
  const ranked = rankTimes(
    times(999, () => 3_000_000),
    { notOk: 11, timeoutMs },
  );
  expect(percentileOfDue(99, ranked)).toEqual({ kind: "at-least", value: 3000 });
});

test("one failure in a hundred leaves the p99 the slowest of the answered, and one more does not", () => {
  const answered = times(990, (index) => (index + 1) * 1000);
  expect(percentileOfDue(99, rankTimes(answered, { notOk: 10, timeoutMs }))).toEqual({
    kind: "value",
    value: 990,
  });
  expect(percentileOfDue(99, rankTimes(answered, { notOk: 11, timeoutMs })).kind).toBe("at-least");
});

test("a percentile needs so many that were due, answered or not", () => {
  const none = rankTimes(
    times(0, () => 0),
    { notOk: 1000, timeoutMs },
  );
  expect(percentileOfDue(99, none)).toEqual({ kind: "at-least", value: 2000 });
  expect(percentileOfDue(99, { ...none, notOk: 999 })).toMatchObject({ kind: "withheld" });
  expect(longestOfDue({ ...none, notOk: 0 })).toEqual({ kind: "withheld", reason: "no operation was due" });
});

test("a service time's percentile is over the answered, and withheld where it would fall on one that was not", () => {
  const answered = times(1000, (index) => (index + 1) * 1000);
  expect(percentileOfOk(99, rankTimes(answered, { notOk: 10, timeoutMs }))).toEqual({
    kind: "value",
    value: 990,
  });
  expect(percentileOfOk(99, rankTimes(answered, { notOk: 20, timeoutMs }))).toEqual({
    kind: "withheld",
    reason: "2.0 % of the operations did not end ok: a p99 of the others would flatter",
  });
  expect(percentileOfOk(95, rankTimes(answered, { notOk: 20, timeoutMs }))).toMatchObject({ kind: "value" });
});

test("operations that may have been quicker are taken from the front", () => {
  const ranked = rankTimes(
    times(1000, (index) => (index + 1) * 1000),
    { notOk: 0, timeoutMs },
  );
  expect(percentileOfDue(99, ranked, 90)).toEqual({ kind: "value", value: 900 });
  expect(percentileOfDue(50, ranked, 500)).toEqual({ kind: "value", value: 0 });
});

function times(count: number, us: (index: number) => number): CountedTimes {
  return CountedTimes.from(Array.from({ length: count }, (_, index) => us(index)));
}
