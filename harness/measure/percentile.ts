import type { Figure } from "../model/measurement.ts";

/** How many samples a percentile needs: ten beyond it, so that one outlier does not decide it (p99.9: 10,000). */
export const samplesNeeded = { 50: 10, 95: 100, 99: 1000, 99.9: 10_000 } as const;

export type Percentile = 50 | 95 | 99 | 99.9;

/** A percentile by nearest rank of values in ascending order (Hyndman and Fan 1996, definition 1), times `scale`. */
export function percentile(sorted: Float64Array, which: Percentile, scale: number): Figure {
  const n = sorted.length;
  const needed = samplesNeeded[which];
  if (n < needed) {
    return { kind: "withheld", reason: `p${which} needs ${needed} samples, there are ${n}` };
  }
  // Rounded first: 0.95 * 100 must not become 95.00000000000001.
  const rank = Math.ceil(Math.round(which * n * 1e6) / 1e8);
  return { kind: "value", value: (sorted[rank - 1] ?? 0) * scale };
}

/** The largest of values in ascending order, times `scale`. */
export function largest(sorted: Float64Array, scale: number): Figure {
  const last = sorted.at(-1);
  return last === undefined
    ? { kind: "withheld", reason: "there is no sample" }
    : { kind: "value", value: last * scale };
}
