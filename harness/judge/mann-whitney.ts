import type { RankTest } from "../model/comparison.ts";

/** Below this many values on either side the normal approximation is not to be relied on. */
export const valuesForRankTest = 8;

/**
 * The Mann-Whitney U test, two-sided, by the normal approximation with correction for ties and for continuity (Mann and
 * Whitney 1947; Hollander and Wolfe, Nonparametric Statistical Methods, 4.1). It asks whether values of one series tend
 * to be larger than those of the other, whatever their distribution; it takes them for independent.
 */
export function mannWhitney(one: readonly number[], other: readonly number[]): RankTest {
  const all = [
    ...one.map((value) => ({ value, first: true })),
    ...other.map((value) => ({ value, first: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  const total = all.length;
  let ranksOfFirst = 0;
  let ties = 0;
  for (let from = 0; from < total;) {
    let to = from + 1;
    while (to < total && all[to]?.value === all[from]?.value) to++;
    const tied = to - from;
    // Ranks count from 1: the mean of from + 1 ... to.
    const rank = (from + 1 + to) / 2;
    ranksOfFirst += rank * all.slice(from, to).filter(({ first }) => first).length;
    ties += tied ** 3 - tied;
    from = to;
  }
  const pairs = one.length * other.length;
  const u = ranksOfFirst - (one.length * (one.length + 1)) / 2;
  const variance = (pairs / 12) * (total + 1 - ties / (total * (total - 1)));
  const n = [one.length, other.length] as const;
  if (!(variance > 0)) return { pValue: 1, n };
  const z = Math.max(0, Math.abs(u - pairs / 2) - 0.5) / Math.sqrt(variance);
  return { pValue: Math.min(1, 2 * upperTail(z)), n };
}

/** 1 - Phi(z) for z >= 0, off by less than 1.5e-7 (Abramowitz and Stegun, 26.2.17 by way of 7.1.26). */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (series * Math.exp(-x * x)) / 2;
}
