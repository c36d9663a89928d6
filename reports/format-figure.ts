import type { Figure } from "../harness/model/measurement.ts";
import type { MetricDescription } from "../harness/model/metric.ts";

export type Unit = MetricDescription["unit"];

/** A figure as text: `1.71 s`, `≥ 31.2 s` where only a lower bound is known, `1 s to 12.7 s`, `—` where withheld. */
export function formatFigure(figure: Figure, unit: Unit): string {
  return figureInWords(figure, (value) => formatValue(value, unit));
}

/** A figure as text, with its numbers written by `format`. */
export function figureInWords(figure: Figure, format: (value: number) => string): string {
  switch (figure.kind) {
    case "value":
      return format(figure.value);
    case "at-least":
      return `≥ ${format(figure.value)}`;
    case "between":
      return `${format(figure.low)} to ${format(figure.high)}`;
    case "withheld":
      return "—";
  }
}

/** A plain number with its unit, to about three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  const word = value === 1 && COUNTED.has(unit) ? unit.replace(/s$/, "") : unit;
  return `${formatNumber(value, unit)} ${word}`;
}

function formatNumber(value: number, unit: Unit): string {
  if (COUNTED.has(unit) || Number.isInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  return size >= 100 ? formatCount(Math.round(value)) : value.toFixed(size >= 10 ? 1 : 2);
}

/** `61234` as `61,234`, whatever the machine's language. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Units of things, which have no fractions; of one thing the word is singular. */
const COUNTED: ReadonlySet<Unit> = new Set(["rows", "operations", "moments", "connections", "invariants"]);
