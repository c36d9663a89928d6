import type { NamedFigure } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";

/** "Unavailability for writes after kill-node was 22.9 s in injection 7". */
export function sentenceFigure({ metric }: Target, { of, fault, figure }: NamedFigure): string {
  const { title, unit } = metrics[metric];
  const was = ["rows", "operations", "moments", "connections", "invariants"].includes(unit) ? "were" : "was";
  const value =
    figure.kind === "withheld"
      ? "not measured"
      : `${figure.kind === "at-least" ? "at least " : ""}${amount(metric, figure.value)}`;
  const injection = /injection \d+/.exec(of)?.[0];
  if (fault !== null && injection !== undefined)
    return `${title} after ${fault} ${was} ${value} in ${injection}`;
  return `${title} ${was} ${value} (${of})`;
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
