import { expect, test } from "vitest";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import type { Statistic, Target } from "../model/target.ts";
import { statisticOf } from "./statistic-of.ts";

test("the median of 3, 1, 2 is 2", () => {
  expect(one("median", [value(3), value(1), value(2)])).toEqual(value(2));
});

test("a p95 needs twenty values", () => {
  expect(one("p95", [value(1)])).toMatchObject({ kind: "withheld" });
  const twenty = Array.from({ length: 20 }, (_, index) => value(index + 1));
  expect(one("p95", twenty)).toEqual(value(19));
});

test("the median of an even number is the mean of the middle two", () => {
  expect(one("median", [value(1), value(30)])).toEqual(value(15.5));
});

test("a censored value below the median bounds it", () => {
  expect(one("median", [{ kind: "at-least", value: 1 }, value(2), value(3)])).toEqual({
    kind: "between",
    low: 2,
    high: 3,
  });
  expect(one("median", [value(1), value(2), { kind: "at-least", value: 3 }])).toEqual(value(2));
});

test("a sum with a part missing is at least what is there", () => {
  expect(one("sum", [value(2), { kind: "withheld", reason: "unread" }])).toEqual({
    kind: "at-least",
    value: 2,
  });
});

test("a sum of which nothing is known is withheld, and says why", () => {
  expect(one("sum", [{ kind: "withheld", reason: "unread" }])).toEqual({
    kind: "withheld",
    reason: "unread",
  });
});

test("a percentile of which a part is withheld is withheld, and says which part", () => {
  expect(one("median", [value(1), { kind: "withheld", reason: "unread" }, value(3)])).toEqual({
    kind: "withheld",
    reason: "kill-node, injection 2: unread",
  });
});

test("what was made into one figure says of how many, with the samples of all", () => {
  const judged = (count: number) =>
    statisticOf(target("sum"), named([value(1), value(2)].slice(0, count))).judged[0];
  expect(judged(2)).toMatchObject({ of: "sum of 2 figures", n: 2 });
  expect(judged(1)).toMatchObject({ of: "kill-node, injection 1", n: 1 });
});

test("what is nothing does not stand beside a sum, what is not known does", () => {
  const { beside } = statisticOf(
    target("sum"),
    named([value(0), value(2), { kind: "withheld", reason: "unread" }]),
  );
  expect(beside.map(({ figure }) => figure.kind)).toEqual(["value", "withheld"]);
  expect(statisticOf(target("each"), named([value(2)])).beside).toEqual([]);
});

test("of no figures there is no statistic", () => {
  expect(statisticOf(target("sum"), [])).toEqual({ judged: [], beside: [] });
});

test("each keeps every figure", () => {
  expect(statisticOf(target("each"), named([value(1), value(2)])).judged).toHaveLength(2);
});

function one(statistic: Statistic, figures: readonly Figure[]): Figure | undefined {
  return statisticOf(target(statistic), named(figures)).judged[0]?.figure;
}

function value(of: number): Figure {
  return { kind: "value", value: of };
}

function named(figures: readonly Figure[]): NamedFigure[] {
  return figures.map((figure, index) => ({
    metric: "write-unavailability",
    of: `kill-node, injection ${index + 1}`,
    fault: "kill-node",
    figure,
    n: 1,
  }));
}

function target(statistic: Statistic): Target {
  return {
    id: "T",
    title: "",
    metric: "write-unavailability",
    statistic,
    bound: { below: 10 },
    source: "test",
  };
}
