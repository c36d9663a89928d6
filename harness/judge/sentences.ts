import { formatCount, formatMoment, formatValue, roundedTo } from "../model/format-value.ts";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import { type MetricName, metrics, type Unit, units } from "../model/metric.ts";
import type { Target } from "../model/target.ts";
import { keeps } from "./compare-with-bound.ts";

/** "Unavailability for writes after kill-node was 22.9 s in injection 7". */
export function sentenceFigure(
  { metric, bound }: Pick<Target, "metric" | "bound">,
  { of, fault, figure, fromUs, because }: NamedFigure,
): string {
  const { title, unit } = metrics[metric];
  const was = "one" in units[unit] ? "were" : "was";
  const value = figureWithUnit(metric, figure, bound);
  const injection = /injection \d+/.exec(of)?.[0];
  if (fault !== null && injection !== undefined)
    return `${title} after ${fault} ${was} ${value} in ${injection}`;
  const where = because === undefined ? "" : `, where ${because}`;
  return `${title} ${was} ${value} (${of}${sinceWhen(fromUs)}${where})`;
}

/** ", from 0:31.200 on". */
export function sinceWhen(fromUs: number | undefined): string {
  return fromUs === undefined ? "" : `, from ${formatMoment(fromUs)} on`;
}

/**
 * "22.9 s", "at least 60 s", "between 1 s and 12.7 s". Beside a bound, with as many digits as it takes to see on which
 * side of it a number lies: 9.998 s are not said to be 10.0 s where less than 10 s was promised.
 */
export function figureWithUnit(metric: MetricName, figure: Figure, bound?: Target["bound"]): string {
  const { unit } = metrics[metric];
  const said = (value: number): string => digitsThatTell(value, unit, bound) ?? formatValue(value, unit);
  switch (figure.kind) {
    case "withheld":
      return "not measured";
    case "value":
      return said(figure.value);
    case "at-least":
      return `at least ${said(figure.value)}`;
    case "between": {
      const [low, high] = [said(figure.low), said(figure.high)];
      return low === high ? low : `between ${low} and ${high}`;
    }
  }
}

/** null: rounded as everywhere, the value lies on the same side of the bound. */
function digitsThatTell(value: number, unit: Unit, bound: Target["bound"] | undefined): string | null {
  const isTold = (rounded: number): boolean =>
    bound === undefined || keeps(rounded, bound) === keeps(value, bound);
  if (isTold(parseFloat(formatValue(value, unit).replaceAll(",", "")))) return null;
  for (let digits = 4; digits <= 15; digits++) {
    const rounded = roundedTo(value, digits);
    if (isTold(rounded)) return `${formatCount(rounded)} ${unit}`;
  }
  return null;
}

/** "below 10 s", "at most 0 rows". */
export function bounded({ metric, bound }: Target): string {
  if ("below" in bound) return `below ${formatValue(bound.below, metrics[metric].unit)}`;
  if ("atMost" in bound) return `at most ${formatValue(bound.atMost, metrics[metric].unit)}`;
  return `at least ${formatValue(bound.atLeast, metrics[metric].unit)}`;
}
