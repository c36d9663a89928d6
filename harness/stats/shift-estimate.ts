import { median } from "./figures.ts";
import { shareAtMost } from "./mann-whitney.ts";

/** By how much one series lies above the other, and within which limits. */
export interface ShiftEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** How often such an interval holds the true shift; less than what was asked for where there are too few values. */
  readonly confidence: number;
}

/**
 * The Hodges-Lehmann estimate of the shift between two series, which goes with the Mann-Whitney test: the median of all
 * differences between a value of one and a value of the other; and the interval of the shifts that the test would not
 * refuse (Hollander and Wolfe, Nonparametric Statistical Methods, 4.2 and 4.3).
 */
export function shiftEstimate(
  own: readonly number[],
  first: readonly number[],
  confidence: number,
): ShiftEstimate {
  const differences = Float64Array.from(own.flatMap((mine) => first.map((other) => mine - other))).sort();
  // How many differences lie outside at either end: as many as there are U that the test refuses.
  let [outside, tooMany] = [0, Math.floor(differences.length / 2) + 1];
  while (tooMany - outside > 1) {
    const middle = Math.floor((outside + tooMany) / 2);
    if (shareAtMost(middle - 1, own.length, first.length) <= (1 - confidence) / 2) outside = middle;
    else tooMany = middle;
  }
  // Where even the widest interval is not sure enough it is taken all the same, and says how sure it is.
  const rank = Math.max(1, outside);
  return {
    estimate: median(differences),
    low: differences[rank - 1] ?? NaN,
    high: differences[differences.length - rank] ?? NaN,
    confidence: outside > 0 ? confidence : 1 - 2 * shareAtMost(0, own.length, first.length),
  };
}
