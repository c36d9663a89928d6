import type { Figure } from "../model/measurement.ts";
import { type Percentile, samplesNeeded } from "../model/metric.ts";

export { type Percentile, samplesNeeded };

/**
 * How many figures a percentile of figures needs, each of which is a measurement in itself (one per injection): with
 * fewer than 1 / (1 - p) the percentile by nearest rank is the maximum.
 */
export const figuresNeeded = { 50: 1, 95: 20, 99: 100 } as const;

/**
 * The rank, from 1, of a percentile of n values in ascending order: the least rank at or below which so many percent of
 * the values lie (nearest rank; Hyndman and Fan 1996, definition 1). At least 1.
 */
export function nearestRank(percent: number, n: number): number {
  // Rounded first: 0.95 * 100 must not become 95.00000000000001.
  return Math.max(1, Math.ceil(Math.round(percent * n * 1e6) / 1e8));
}

/** The value at a percentile of values in ascending order, by nearest rank; 0 of none. */
export function valueAtPercentile(sorted: Float64Array, percent: number): number {
  return sorted[nearestRank(percent, sorted.length) - 1] ?? 0;
}

/** The deepest percentile that so many samples allow to be drawn, p90 at least. */
export function deepestDrawn(samples: number): 99 | 95 | 90 {
  return ([99, 95] as const).find((which) => samples >= samplesNeeded[which]) ?? 90;
}

/** Why a percentile is withheld; null: there are samples enough. */
export function whyTooFew(which: Percentile, n: number): Extract<Figure, { kind: "withheld" }> | null {
  const needed = samplesNeeded[which];
  return n < needed
    ? { kind: "withheld", reason: `p${which} needs ${needed} samples, there are ${n}` }
    : null;
}
