import { formatValue, type Unit } from "../harness/model/format-value.ts";
import type { Figure } from "../harness/model/measurement.ts";

/** A figure as text: `1.71 s`, `≥ 31.2 s` where only a lower bound is known, `1 s to 12.7 s`, `—` where withheld. */
export function formatFigure(figure: Figure, unit: Unit): string {
  return figureInWords(figure, (value) => formatValue(value, unit));
}

/** A figure as text, with its numbers written by `format`; bounds that look alike are written once. */
export function figureInWords(figure: Figure, format: (value: number) => string): string {
  switch (figure.kind) {
    case "value":
      return format(figure.value);
    case "at-least":
      return `≥ ${format(figure.value)}`;
    case "between":
      return format(figure.low) === format(figure.high)
        ? format(figure.low)
        : `${format(figure.low)} to ${format(figure.high)}`;
    case "withheld":
      return "—";
  }
}
