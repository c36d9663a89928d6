import type { Figure, NamedFigure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";

/** Fewer values, and the nearest-rank percentile is the maximum itself: 1 / (1 - p). */
const valuesNeeded = { median: 1, p95: 20, p99: 100 } as const;

/** What a target is judged by, and what only explains it. */
export interface StatisticFigures {
  readonly judged: readonly NamedFigure[];
  /** The figures that make up a sum or a percentile and are not nothing. */
  readonly beside: readonly NamedFigure[];
}

/**
 * The figures that a target's statistic bounds: every single one for `each`, one for the others. Of a sum of which a
 * part is withheld only the lower bound is known: "at least"; a percentile is then withheld.
 */
export function statisticOf(target: Target, figures: readonly NamedFigure[]): StatisticFigures {
  if (target.statistic === "each" || figures.length === 0) return { judged: figures, beside: [] };
  const n = figures.reduce((total, each) => total + each.n, 0);
  const of = `${target.statistic} of ${figures.length} ${figures.length === 1 ? "figure" : "figures"}`;
  const figure = target.statistic === "sum" ? sumOf(figures) : rankOf(target.statistic, figures);
  return {
    judged: [{ metric: target.metric, of, fault: null, figure, n }],
    beside: figures.filter((each) => each.figure.kind === "withheld" || each.figure.value !== 0),
  };
}

function sumOf(figures: readonly NamedFigure[]): Figure {
  let value = 0;
  let exact = true;
  for (const { figure } of figures) {
    if (figure.kind !== "value") exact = false;
    if (figure.kind !== "withheld") value += figure.value;
  }
  return { kind: exact ? "value" : "at-least", value };
}

function rankOf(statistic: keyof typeof valuesNeeded, figures: readonly NamedFigure[]): Figure {
  const withheld = figures.find(({ figure }) => figure.kind === "withheld");
  if (withheld?.figure.kind === "withheld") {
    return { kind: "withheld", reason: `${withheld.of}: ${withheld.figure.reason}` };
  }
  const needed = valuesNeeded[statistic];
  if (figures.length < needed) {
    return { kind: "withheld", reason: `${statistic} needs ${needed} values, there are ${figures.length}` };
  }
  const known = figures.flatMap(({ figure }) => (figure.kind === "withheld" ? [] : [figure]));
  known.sort((a, b) => a.value - b.value);
  const share = { median: 50, p95: 95, p99: 99 }[statistic];
  const value = known[Math.ceil((share * known.length) / 100) - 1]?.value ?? 0;
  // A censored value at or below it may in truth lie above.
  const censored = known.some((figure) => figure.kind === "at-least" && figure.value <= value);
  return { kind: censored ? "at-least" : "value", value };
}
