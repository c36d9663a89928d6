import { expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import { distribution } from "./distribution.ts";

test("three values have a min, a median and a max, and no p95", () => {
  const { n, min, median, p95, max } = distribution([value(3), value(1), value(2)]);
  expect([n, min, median, max]).toEqual([3, value(1), value(2), value(3)]);
  expect(p95).toEqual({ kind: "withheld", reason: "p95 needs 20 values, there are 3" });
});

test("the median of an even number is the mean of the middle two", () => {
  expect(distribution([value(1), value(2), value(4), value(9)]).median).toEqual(value(3));
});

test("p95 of 1 to 20 by nearest rank is 19", () => {
  const twenty = Array.from({ length: 20 }, (_, index) => value(index + 1));
  expect(distribution(twenty).p95).toEqual(value(19));
});

test("a censored value makes the max a lower bound, and leaves what lies below it exact", () => {
  const { min, median, max } = distribution([value(1), value(2), atLeast(3)]);
  expect([min, median, max]).toEqual([value(1), value(2), atLeast(3)]);
});

test("a censored value below others bounds what lies above it", () => {
  const { min, median, max } = distribution([atLeast(2), value(1), value(9)]);
  expect([min, median, max]).toEqual([value(1), { kind: "between", low: 2, high: 9 }, atLeast(9)]);
});

test("withheld values are not counted, and nothing at all is withheld", () => {
  expect(distribution([{ kind: "withheld", reason: "x" }, value(1)]).n).toBe(1);
  expect(distribution([])).toMatchObject({ n: 0, max: { kind: "withheld" } });
});

function value(of: number): Figure {
  return { kind: "value", value: of };
}

function atLeast(of: number): Figure {
  return { kind: "at-least", value: of };
}
