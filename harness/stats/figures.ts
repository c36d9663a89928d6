import type { Figure } from "../model/measurement.ts";

/** A figure of which something is known: every one that was not withheld. */
export type KnownFigure = Exclude<Figure, { readonly kind: "withheld" }>;

/** The least that the true value can be. */
export function lowestOf(figure: KnownFigure): number {
  return figure.kind === "between" ? figure.low : figure.value;
}

/** The most that the true value can be; Infinity where only a lower bound is known. */
export function highestOf(figure: KnownFigure): number {
  if (figure.kind === "between") return figure.high;
  return figure.kind === "value" ? figure.value : Infinity;
}

/** What is known of a value that lies from `low` to `high`: the value itself where they are one. */
export function figureWithin(low: number, high: number): KnownFigure {
  if (low === high) return { kind: "value", value: low };
  return high === Infinity ? { kind: "at-least", value: low } : { kind: "between", low, high };
}

export function knownFigures(figures: readonly Figure[]): KnownFigure[] {
  return figures.filter((figure) => figure.kind !== "withheld");
}

export function sumOfFigures(figures: readonly KnownFigure[]): KnownFigure {
  const sum = (of: (figure: KnownFigure) => number): number =>
    figures.reduce((total, figure) => total + of(figure), 0);
  return figureWithin(sum(lowestOf), sum(highestOf));
}

/** One figure over another, neither below zero; null where nothing bounds it, or it would be something over zero. */
export function quotientOfFigures(dividend: KnownFigure, divisor: KnownFigure): KnownFigure | null {
  if (highestOf(divisor) === 0) return null;
  const low = lowestOf(dividend) / highestOf(divisor);
  const high = lowestOf(divisor) === 0 ? Infinity : highestOf(dividend) / lowestOf(divisor);
  return low === 0 && high === Infinity ? null : figureWithin(low, high);
}

/** The number in a figure, for drawing: of one that is known within bounds the lower; null where it was withheld. */
export function numberOf(figure: Figure): number | null {
  return figure.kind === "withheld" ? null : lowestOf(figure);
}

/**
 * The figure of a rank, from 1 for the least, where some are known as bounds only: the true order statistic lies between
 * that of the lower and that of the upper bounds, since raising any value never lowers an order statistic.
 */
export function rankedFigure(figures: readonly KnownFigure[], rank: number): KnownFigure {
  const { lows, highs } = sortedBounds(figures);
  return figureWithin(lows[rank - 1] ?? NaN, highs[rank - 1] ?? NaN);
}

/** The median; of an even number the mean of the middle two. */
export function medianFigure(figures: readonly KnownFigure[]): KnownFigure {
  const { lows, highs } = sortedBounds(figures);
  return figureWithin(median(lows), median(highs));
}

/** The median of values in ascending order; of an even number the mean of the middle two. NaN of none. */
export function median(sorted: ArrayLike<number>): number {
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return lower === upper ? lower : (lower + upper) / 2;
}

function sortedBounds(figures: readonly KnownFigure[]): {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
} {
  const ascending = (of: (figure: KnownFigure) => number): number[] =>
    figures.map(of).sort((a, b) => (a === b ? 0 : a - b));
  return { lows: ascending(lowestOf), highs: ascending(highestOf) };
}
