import type { Figure } from "./measurement.ts";
import type { MetricName } from "./metric.ts";

/**
 * What is counted as one piece of evidence: a whole run, an injection, or a block of consecutive seconds that lies far
 * enough from the next one to be about independent of it: as far as it is long.
 */
export type EvidenceUnit =
  | { readonly kind: "runs" }
  | { readonly kind: "injections" }
  | { readonly kind: "blocks"; readonly seconds: number };

/** "12 and 9 blocks of 3 s", "5 and 5 runs". */
export function unitsInWords(unit: EvidenceUnit, [own, first]: readonly [number, number]): string {
  const both = `${own} and ${first}`;
  return unit.kind === "blocks" ? `${both} blocks of ${unit.seconds} s` : `${both} ${unit.kind}`;
}

/** A test's p: alone, and raised to what it means among all figures of the comparison that were tested. */
export interface PValue {
  readonly alone: number;
  readonly amongAll: number;
}

/** What the values behind two figures say of their difference. */
export interface Evidence {
  readonly unit: EvidenceUnit;
  readonly n: readonly [own: number, first: number];
  /** `ratio`: times the first side's; `difference`, in the metric's unit, where some value is 0. */
  readonly scale: "ratio" | "difference";
  /** The Hodges-Lehmann estimate of it: between bounds where values are known within bounds only. */
  readonly estimate: Figure;
  readonly interval: Figure;
  /** How sure the interval is, 0..1: 0.95, or less where there are too few values for it. */
  readonly confidence: number;
  /** 1: values of this side tend to be larger; -1: smaller; 0: neither, or bounds leave it open. */
  readonly direction: -1 | 0 | 1;
  /** Of a rank test, two-sided: that there is no difference. */
  readonly noDifference: PValue;
  /** Of two one-sided tests: that the sides are the minimum effect apart, or more. null: a margin of 0 has no test. */
  readonly farApart: PValue | null;
}

/** How one side's figure stands to the first side's. */
export interface SideDifference {
  /** This side's over the first side's; withheld where one is missing, or the first is 0. */
  readonly ratio: Figure;
  readonly evidence: Evidence | { readonly withheld: string };
  /**
   * `better`, `worse` (`different` where neither is either): the rank test finds a difference, by its estimate and by
   * the figures it is at least the minimum effect, and all point the same way. `alike`: two one-sided tests find the
   * sides less than the minimum effect apart, and so are the figures. `undecided`: neither is shown.
   */
  readonly finding: "better" | "worse" | "different" | "alike" | "undecided";
  /** Why, in a sentence; of `undecided` with what would decide it. */
  readonly why: string;
}

/** One figure of all sides. */
export interface ComparedFigure {
  readonly metric: MetricName;
  /** Stage title, fault, or whatever else the figure is of. */
  readonly of: string;
  /** One for each side, in order; the median where it has several: one for each run, or for each injection. */
  readonly figures: readonly Figure[];
  /** One for each side but the first. */
  readonly differences: readonly SideDifference[];
  /** Why the figures of this row are not of the same thing, such as latencies at other rates; null: they are. */
  readonly caution: string | null;
  /** What the sides' settings have to do with a difference that is told all the same, such as other arrivals; null: nothing. */
  readonly note: string | null;
}

/** Figures of several sides, of one or more runs each, side by side. */
export interface RunComparison {
  /** Why the sides are not of the same thing, one sentence each; empty: figures may be compared. */
  readonly notComparable: readonly string[];
  /** How many differences were tested, or would have been had there been enough of their values. */
  readonly tested: number;
  readonly rows: readonly ComparedFigure[];
}
