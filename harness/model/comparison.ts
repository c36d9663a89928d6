import type { Figure } from "./measurement.ts";
import type { MetricName } from "./metric.ts";

/** What a rank test says of two series. */
export interface RankTest {
  /** Two-sided: how likely ranks this far apart are where both series come from one distribution. */
  readonly pValue: number;
  readonly n: readonly [number, number];
}

/** How one run's figure stands to the first run's. */
export interface RunDifference {
  /** This run's over the first run's; withheld where one is missing, only a bound, or 0. */
  readonly ratio: Figure;
  readonly test: RankTest | { readonly withheld: string };
  /**
   * `alike`: less than the minimum effect apart. `better`, `worse` (`different` where neither is either): at least that
   * far apart, and the rank test says that it is not chance. `undecided`: anything else.
   */
  readonly finding: "better" | "worse" | "different" | "alike" | "undecided";
}

/** One figure of all runs. */
export interface ComparedFigure {
  readonly metric: MetricName;
  /** Stage title, fault, or whatever else the figure is of. */
  readonly of: string;
  /** One for each run, in order; the median where a run has several (one for each injection). */
  readonly figures: readonly Figure[];
  /** One for each run but the first. */
  readonly differences: readonly RunDifference[];
  /** Why the figures of this row are not of the same thing, such as latencies at other rates; null: they are. */
  readonly caution: string | null;
}

/** Figures of several runs side by side. */
export interface RunComparison {
  /** Why the runs are not of the same thing, one sentence each; empty: figures may be compared. */
  readonly notComparable: readonly string[];
  readonly rows: readonly ComparedFigure[];
}
