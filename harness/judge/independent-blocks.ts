import { autocorrelationTime } from "../stats/autocorrelation-time.ts";
import { type KnownFigure, lowestOf } from "../stats/figures.ts";
import type { SecondSeries } from "./second-series.ts";

/** Blocks of consecutive seconds of two runs, one value each, that are about independent of one another. */
export interface Blocks {
  /** Of each block, and of the gap after it. */
  readonly seconds: number;
  readonly own: readonly KnownFigure[];
  readonly first: readonly KnownFigure[];
}

/**
 * The seconds of one run remember the ones before: they are far fewer pieces of evidence than there are seconds. So both
 * series are cut into stretches as long as the longer of their autocorrelation times, and every other one is a block:
 * neighbours that touch would still share what lies around their border, and simulations (see the tests) then call chance
 * a finding in 6 to 8 of 100 cases instead of 5. Where a second has too few operations for the metric, the time is
 * measured in the shortest stretches that have enough. A string says why there are no blocks.
 */
export function independentBlocks(own: SecondSeries, first: SecondSeries): Blocks | string {
  const stretch = shortestStretch(own, first);
  if (stretch === null) return "In parts of the steady phase too few operations ended ok for such a figure.";
  const times = [own, first].map((series) => autocorrelationTime(known(cut(series, stretch)).map(lowestOf)));
  const time = Math.max(...times);
  if (!Number.isFinite(time))
    return "The steady phase is too short to tell how long its seconds remember each other.";
  const seconds = Math.ceil(time) * stretch;
  const blocks = (series: SecondSeries): KnownFigure[] =>
    known(cut(series, seconds).filter((_, index) => index % 2 === 0));
  return { seconds, own: blocks(own), first: blocks(first) };
}

function shortestStretch(own: SecondSeries, first: SecondSeries): number | null {
  for (let seconds = 1; seconds <= Math.min(own.seconds, first.seconds); seconds++) {
    if ([own, first].every((series) => cut(series, seconds).every((value) => value !== null))) return seconds;
  }
  return null;
}

/** How long a steady phase has to be for so many blocks, with the gaps between them. */
export function secondsForBlocks(count: number, seconds: number): number {
  return (2 * count - 1) * seconds;
}

/** What is left over at the end belongs to no block. */
function cut({ seconds, over }: SecondSeries, length: number): (KnownFigure | null)[] {
  return Array.from({ length: Math.floor(seconds / length) }, (_, index) =>
    over(index * length, (index + 1) * length),
  );
}

function known(figures: readonly (KnownFigure | null)[]): KnownFigure[] {
  return figures.filter((figure) => figure !== null);
}
