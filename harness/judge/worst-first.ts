import type { NamedFigure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import { compareWithBound } from "./compare-with-bound.ts";
import { highestOf, lowestOf } from "../stats/figures.ts";

const order = { fail: 0, unknown: 1, pass: 2 } as const;

/** Failing figures first, then undecided ones, then kept ones; among each, the one furthest towards the bound or beyond. */
export function worstFirst(figures: readonly NamedFigure[], bound: Target["bound"]): NamedFigure[] {
  const sign = "atLeast" in bound ? 1 : -1;
  const badness = ({ figure }: NamedFigure): number =>
    figure.kind === "withheld" ? Infinity : sign * (sign > 0 ? lowestOf(figure) : highestOf(figure));
  return [...figures].sort((a, b) => {
    const byOutcome = order[compareWithBound(a.figure, bound)] - order[compareWithBound(b.figure, bound)];
    if (byOutcome !== 0) return byOutcome;
    const left = badness(a);
    const right = badness(b);
    return left === right ? 0 : left < right ? -1 : 1;
  });
}
