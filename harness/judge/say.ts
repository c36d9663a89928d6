import type { Figure, NamedFigure } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";

/** "Unavailability for writes after kill-node was 22.9 s in injection 7". */
export function sentenceFigure({ metric }: Target, { of, fault, figure }: NamedFigure): string {
  const { title, unit } = metrics[metric];
  const was = ["rows", "operations", "moments", "connections", "invariants"].includes(unit) ? "were" : "was";
  const value = figureWithUnit(metric, figure);
  const injection = /injection \d+/.exec(of)?.[0];
  if (fault !== null && injection !== undefined)
    return `${title} after ${fault} ${was} ${value} in ${injection}`;
  return `${title} ${was} ${value} (${of})`;
}

/** "22.9 s", "at least 60 s", "between 1 s and 12.7 s". */
export function figureWithUnit(metric: MetricName, figure: Figure): string {
  switch (figure.kind) {
    case "withheld":
      return "not measured";
    case "value":
      return amount(metric, figure.value);
    case "at-least":
      return `at least ${amount(metric, figure.value)}`;
    case "between":
      return `between ${amount(metric, figure.low)} and ${amount(metric, figure.high)}`;
  }
}

/** "below 10 s", "at most 0 rows". */
export function bounded({ metric, bound }: Target): string {
  if ("below" in bound) return `below ${amount(metric, bound.below)}`;
  if ("atMost" in bound) return `at most ${amount(metric, bound.atMost)}`;
  return `at least ${amount(metric, bound.atLeast)}`;
}

/** A value with its unit, in the precision that it deserves: `22.9 s`, `0.04 s`, `8 ms`, `3 rows`. */
export function amount(metric: MetricName, value: number): string {
  const { unit } = metrics[metric];
  const digits = value !== 0 && Math.abs(value) < 1 ? 2 : 1;
  const number = Number.isInteger(value) ? String(value) : value.toFixed(digits);
  return unit === "moments" || unit === "ratio" ? number : `${number} ${unit}`;
}
