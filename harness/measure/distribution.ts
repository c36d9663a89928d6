import type { Distribution, Figure } from "../model/measurement.ts";

/**
 * Fewer values than this and the 95th percentile by nearest rank is the maximum itself: ceil(0.95 * n) = n for n < 20.
 */
const valuesForP95 = 20;

/**
 * Min, median, p95 and max of figures. Withheld ones are left out of n. Censored ones ("at least") stand at their lower
 * bound; a statistic is exact only when no censored value lies at or below it, since such a one may in truth lie above
 * (the rule of order statistics under right censoring). The median of an even number is the mean of the middle two; p95
 * is by nearest rank (Hyndman and Fan 1996, definition 1).
 */
export function distribution(figures: readonly Figure[]): Distribution {
  const known = figures
    .filter((figure) => figure.kind !== "withheld")
    .sort((a, b) => a.value - b.value || Number(a.kind === "at-least") - Number(b.kind === "at-least"));
  const n = known.length;
  if (n === 0) {
    const none: Figure = { kind: "withheld", reason: "there is no value" };
    return { n, min: none, median: none, p95: none, max: none };
  }
  const firstCensored = known.find(({ kind }) => kind === "at-least")?.value ?? Infinity;
  const figureAt = (value: number): Figure => ({ kind: value < firstCensored ? "value" : "at-least", value });
  const ranked = (rank: number): number => known[rank - 1]?.value ?? 0;

  const lower = ranked(Math.ceil(n / 2));
  const upper = ranked(Math.floor(n / 2) + 1);
  return {
    n,
    min: known[0]?.kind === "value" ? { kind: "value", value: ranked(1) } : figureAt(ranked(1)),
    median: { ...figureAt(upper), value: (lower + upper) / 2 } as Figure,
    p95:
      n < valuesForP95
        ? { kind: "withheld", reason: `p95 needs ${valuesForP95} values, there are ${n}` }
        : figureAt(ranked(Math.ceil(0.95 * n))),
    max: figureAt(ranked(n)),
  };
}
