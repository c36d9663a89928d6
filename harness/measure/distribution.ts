import type { Distribution, Figure } from "../model/measurement.ts";
import { knownFigures, medianFigure, rankedFigure } from "../stats/figures.ts";
import { figuresNeeded, nearestRank } from "../stats/percentiles.ts";

/**
 * Min, median, p95 and max of figures. Withheld ones are left out of n; those that are known within bounds only make a
 * statistic bounded where they may change it. The median of an even number is the mean of the middle two; p95 is by
 * nearest rank (Hyndman and Fan 1996, definition 1).
 */
export function distribution(figures: readonly Figure[]): Distribution {
  const known = knownFigures(figures);
  const n = known.length;
  if (n === 0) {
    const none: Figure = { kind: "withheld", reason: "there is no value" };
    return { n, min: none, median: none, p95: none, max: none };
  }
  return {
    n,
    min: rankedFigure(known, 1),
    median: medianFigure(known),
    p95:
      n < figuresNeeded[95]
        ? { kind: "withheld", reason: `p95 needs ${figuresNeeded[95]} values, there are ${n}` }
        : rankedFigure(known, nearestRank(95, n)),
    max: rankedFigure(known, n),
  };
}
