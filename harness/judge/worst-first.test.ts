import { expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import { worstFirst } from "./worst-first.ts";

const value = (of: number): Figure => ({ kind: "value", value: of });
const between = (low: number, high: number): Figure => ({ kind: "between", low, high });
const withheld: Figure = { kind: "withheld", reason: "unread" };

test("what was missed comes first, then what is not decided, then what was kept; the worst of each first", () => {
  expect(ranked([value(2), value(9), withheld, between(8, 12), value(11), value(30)], { below: 10 })).toEqual(
    [value(30), value(11), between(8, 12), withheld, value(9), value(2)],
  );
});

test("under an upper bound the most that a figure can be counts, above a lower one the least", () => {
  expect(ranked([value(7), between(1, 8), value(6)], { below: 10 })).toEqual([
    between(1, 8),
    value(7),
    value(6),
  ]);
  expect(ranked([value(900), value(800), between(700, 990)], { atLeast: 1000 })).toEqual([
    between(700, 990),
    value(800),
    value(900),
  ]);
});

test("one that fails by less is worse than one that is kept by less", () => {
  expect(ranked([between(900, 1100), value(990), value(1500)], { atLeast: 1000 })).toEqual([
    value(990),
    between(900, 1100),
    value(1500),
  ]);
});

test("equal ones stay in their order", () => {
  const figures = ["first", "second", "third"].map((of) => named(value(1), of));
  expect(worstFirst(figures, { below: 10 }).map(({ of }) => of)).toEqual(["first", "second", "third"]);
});

function ranked(figures: readonly Figure[], bound: Target["bound"]): Figure[] {
  return worstFirst(
    figures.map((figure) => named(figure, "a run")),
    bound,
  ).map(({ figure }) => figure);
}

function named(figure: Figure, of: string) {
  return { metric: "write-unavailability", of, fault: null, figure, n: 1 } as const;
}
