import type { Figure, NamedFigure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import {
  highestOf,
  knownFigures,
  lowestOf,
  medianFigure,
  rankedFigure,
  sumOfFigures,
} from "../stats/figures.ts";
import { figuresNeeded, nearestRank } from "../stats/percentiles.ts";

const percentOf = { median: 50, p95: 95, p99: 99 } as const;

/** What a target is judged by, and what only explains it. */
export interface StatisticFigures {
  readonly judged: readonly NamedFigure[];
  /** The figures that make up a sum or a percentile and are not nothing. */
  readonly beside: readonly NamedFigure[];
}

/**
 * The figures that a target's statistic bounds: every single one for `each`, one for the others. Of a sum of which a
 * part is withheld only the lower bound is known: "at least"; a percentile is then withheld. The median of an even number
 * is the mean of the middle two, as in reports.
 */
export function statisticOf(target: Target, figures: readonly NamedFigure[]): StatisticFigures {
  // The sum of one figure is that figure, and says better what it is of.
  const isItself = target.statistic === "each" || (target.statistic === "sum" && figures.length === 1);
  if (isItself || figures.length === 0) return { judged: figures, beside: [] };
  const n = figures.reduce((total, each) => total + each.n, 0);
  const of = `${target.statistic} of ${figures.length} ${figures.length === 1 ? "figure" : "figures"}`;
  const figure = target.statistic === "sum" ? sumOf(figures) : rankOf(target.statistic, figures);
  return {
    judged: [{ metric: target.metric, of, fault: null, figure, n }],
    beside: figures.filter((each) => each.figure.kind === "withheld" || highestOf(each.figure) !== 0),
  };
}

function sumOf(figures: readonly NamedFigure[]): Figure {
  const known = knownFigures(figures.map(({ figure }) => figure));
  const [first] = figures;
  if (known.length === 0 && first?.figure.kind === "withheld")
    return { kind: "withheld", reason: `${first.of}: ${first.figure.reason}` };
  const sum = sumOfFigures(known);
  return known.length === figures.length ? sum : { kind: "at-least", value: lowestOf(sum) };
}

function rankOf(statistic: keyof typeof percentOf, figures: readonly NamedFigure[]): Figure {
  const withheld = figures.find(({ figure }) => figure.kind === "withheld");
  if (withheld?.figure.kind === "withheld") {
    return { kind: "withheld", reason: `${withheld.of}: ${withheld.figure.reason}` };
  }
  const needed = figuresNeeded[percentOf[statistic]];
  if (figures.length < needed) {
    return { kind: "withheld", reason: `${statistic} needs ${needed} values, there are ${figures.length}` };
  }
  const known = knownFigures(figures.map(({ figure }) => figure));
  if (statistic === "median") return medianFigure(known);
  return rankedFigure(known, nearestRank(percentOf[statistic], known.length));
}
