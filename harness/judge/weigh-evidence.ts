import type { Evidence } from "../model/comparison.ts";
import type { Figure } from "../model/measurement.ts";
import { figureWithin, highestOf, lowestOf, median } from "../stats/figures.ts";
import { mannWhitney } from "../stats/mann-whitney.ts";
import { type ShiftEstimate, shiftEstimate } from "../stats/shift-estimate.ts";
import type { Gathered } from "./gather-evidence.ts";

/** A difference is one from 5 % on: smaller ones come and go with the machine's mood. Likeness is within it either way. */
export const minimumEffect = 0.05;

/** What the values say, before it is known how many other figures were tested beside them. */
export interface Weighed extends Omit<Evidence, "noDifference" | "farApart"> {
  readonly noDifference: number;
  readonly farApart: number | null;
  /** From the first side's to this side's, as the tests see it (of ratios their logarithm): estimate and half interval. */
  readonly shift: { readonly least: number; readonly most: number; readonly halfWidth: number };
  /** The minimum effect on the same scale. */
  readonly margin: number;
}

const intervalConfidence = 0.95;

/**
 * Rank test, estimate and equivalence test over the same values: Mann-Whitney, Hodges-Lehmann, and two one-sided
 * Mann-Whitney tests against the margin (TOST: Schuirmann 1987; with ranks: Wellek, Testing Statistical Hypotheses of
 * Equivalence and Noninferiority, 2010, 6.2). On logarithms, so that the margin is a ratio, wherever all values are above
 * 0; else on the values, the margin being the share of the first side's median.
 *
 * Values that are known within bounds only are taken at both ends, and what holds at the less favourable end counts.
 */
export function weighEvidence({ unit, own, first }: Gathered): Weighed {
  const everywhere = [...own, ...first];
  const scale = everywhere.every((figure) => lowestOf(figure) > 0) ? "ratio" : "difference";
  const scaled = scale === "ratio" ? Math.log : (value: number): number => value;
  // As low as this side can lie against the other, and as high.
  const low = { own: own.map(lowestOf).map(scaled), first: first.map(highestOf).map(scaled) };
  const exact = everywhere.every(({ kind }) => kind === "value");
  const high = exact ? low : { own: own.map(highestOf).map(scaled), first: first.map(lowestOf).map(scaled) };
  const margin =
    scale === "ratio"
      ? Math.log(1 + minimumEffect)
      : minimumEffect * Math.abs(median(first.map(lowestOf).sort((a, b) => a - b)));

  const test = mannWhitney(low.own, low.first);
  const other = exact ? test : mannWhitney(high.own, high.first);
  const agree = test.direction === other.direction;
  const estimate = shiftEstimate(low.own, low.first, intervalConfidence);
  const highest = exact ? estimate : shiftEstimate(high.own, high.first, intervalConfidence);
  const above = mannWhitney(
    low.own.map((value) => value + margin),
    low.first,
  ).greater;
  const below = mannWhitney(
    high.own.map((value) => value - margin),
    high.first,
  ).less;
  return {
    unit,
    n: test.n,
    scale,
    estimate: asFigure(scale, estimate.estimate, highest.estimate),
    interval: asFigure(scale, estimate.low, highest.high),
    confidence: estimate.confidence,
    direction: agree ? test.direction : 0,
    noDifference: agree ? Math.max(test.twoSided, other.twoSided) : 1,
    farApart: margin > 0 ? Math.max(above, below) : null,
    shift: { least: estimate.estimate, most: highest.estimate, halfWidth: halfWidth(estimate, highest) },
    margin,
  };
}

function halfWidth({ low }: ShiftEstimate, { high }: ShiftEstimate): number {
  return (high - low) / 2;
}

function asFigure(scale: Evidence["scale"], low: number, high: number): Figure {
  const [from, to] = scale === "ratio" ? [Math.exp(low), Math.exp(high)] : [low, high];
  return Number.isFinite(from) ? figureWithin(from, to) : { kind: "withheld", reason: "it has no lower end" };
}
