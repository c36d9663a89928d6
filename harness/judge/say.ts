import { formatValue } from "../model/format-value.ts";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";

/** "Unavailability for writes after kill-node was 22.9 s in injection 7". */
export function sentenceFigure(
  { metric }: Target,
  { of, fault, figure, fromUs, because }: NamedFigure,
): string {
  const { title, unit } = metrics[metric];
  const was = ["rows", "operations", "moments", "connections", "invariants", "writes"].includes(unit)
    ? "were"
    : "was";
  const value = figureWithUnit(metric, figure);
  const injection = /injection \d+/.exec(of)?.[0];
  if (fault !== null && injection !== undefined)
    return `${title} after ${fault} ${was} ${value} in ${injection}`;
  const where = because === undefined ? "" : `, where ${because}`;
  return `${title} ${was} ${value} (${of}${sinceWhen(fromUs)}${where})`;
}

/** ", from 31.2 s into the run on". */
export function sinceWhen(fromUs: number | undefined): string {
  return fromUs === undefined ? "" : `, from ${(fromUs / 1e6).toFixed(1)} s into the run on`;
}

/** "22.9 s", "at least 60 s", "between 1 s and 12.7 s". */
export function figureWithUnit(metric: MetricName, figure: Figure): string {
  const { unit } = metrics[metric];
  switch (figure.kind) {
    case "withheld":
      return "not measured";
    case "value":
      return formatValue(figure.value, unit);
    case "at-least":
      return `at least ${formatValue(figure.value, unit)}`;
    case "between": {
      const [low, high] = [formatValue(figure.low, unit), formatValue(figure.high, unit)];
      return low === high ? low : `between ${low} and ${high}`;
    }
  }
}

/** "below 10 s", "at most 0 rows". */
export function bounded({ metric, bound }: Target): string {
  if ("below" in bound) return `below ${formatValue(bound.below, metrics[metric].unit)}`;
  if ("atMost" in bound) return `at most ${formatValue(bound.atMost, metrics[metric].unit)}`;
  return `at least ${formatValue(bound.atLeast, metrics[metric].unit)}`;
}
