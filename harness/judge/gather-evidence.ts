import { type EvidenceUnit, unitsInWords } from "../model/comparison.ts";
import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import { type KnownFigure, knownFigures, medianFigure } from "../stats/figures.ts";
import { smallestOneSided } from "../stats/mann-whitney.ts";
import type { ComparedRun } from "./compared-run.ts";
import { independentBlocks, secondsForBlocks } from "./independent-blocks.ts";
import { secondSeries } from "./second-series.ts";

/** The values behind the figures of two sides. */
export interface Gathered {
  readonly unit: EvidenceUnit;
  readonly own: readonly KnownFigure[];
  readonly first: readonly KnownFigure[];
}

/** Why nothing can be said. */
export interface NoEvidence {
  readonly withheld: string;
  /** There are values, and too few of them: it counts among the figures tested. */
  readonly tooFew: boolean;
  /** What there is too little of, where it is known how much would do. */
  readonly wanted?: EvidenceUnit;
}

export interface FigureName {
  readonly metric: MetricName;
  readonly of: string;
}

/** A fault on victims of one role is one thing, however often and in whatever order it was injected. */
export function comparedAs({ kind, fault, of }: Pick<NamedFigure, "kind" | "fault" | "of">): string {
  return kind ?? fault ?? of;
}

/** The figures of that name: of a fault one for each injection, else one for each run, the median where it has several. */
export function figuresNamed({ metric, of }: FigureName, runs: readonly ComparedRun[]): Figure[] {
  return runs.flatMap(({ measurements }) => {
    const own = measurements.figures.filter((each) => each.metric === metric && comparedAs(each) === of);
    const figures = own.map(({ figure }) => rateOf({ metric, of }, measurements.stages) ?? figure);
    const known = knownFigures(figures);
    return own.some(({ fault }) => fault !== null) || known.length < 2 ? figures : [medianFigure(known)];
  });
}

/** A closed load's rate, within what it would be if its client had not stood still; null: it is another figure. */
function rateOf({ metric, of }: FigureName, stages: readonly StageMeasurement[]): Figure | null {
  const { series } = metrics[metric];
  if (series?.kind !== "rate") return null;
  return stages.find(({ title }) => title === of)?.withoutStallsPerSecond[series.rate] ?? null;
}

/**
 * What may be counted of two sides, in this order:
 * - injections, of all runs of a side: each begins at a random moment after full redundancy, and is a trial of its own;
 * - runs, where a side has several: what differs from run to run is in their figures;
 * - of one run each, blocks of seconds. They tell these two runs apart, not what the runs stand for.
 */
export function gatherEvidence(
  name: FigureName,
  ownRuns: readonly ComparedRun[],
  firstRuns: readonly ComparedRun[],
): Gathered | NoEvidence {
  const known = {
    own: knownFigures(figuresNamed(name, ownRuns)),
    first: knownFigures(figuresNamed(name, firstRuns)),
  };
  if (known.own.length === 0 || known.first.length === 0)
    return { withheld: "One side has no such figure.", tooFew: false };
  if (isOfFault(name, [...ownRuns, ...firstRuns]))
    return unlessTooFew({ unit: { kind: "injections" }, ...known });
  if (ownRuns.length > 1 || firstRuns.length > 1) return unlessTooFew({ unit: { kind: "runs" }, ...known });
  const [ownSeconds, firstSeconds] = [ownRuns[0], firstRuns[0]].map((run) =>
    run === undefined ? null : secondSeries(name, run),
  );
  if (ownSeconds == null || firstSeconds == null) {
    return { withheld: `One run of each gives one figure of each. ${repeat}`, tooFew: false };
  }
  const blocks = independentBlocks(ownSeconds, firstSeconds);
  if (typeof blocks === "string") return { withheld: `${blocks} ${repeat}`, tooFew: true };
  const { seconds, ...values } = blocks;
  return unlessTooFew({ unit: { kind: "blocks", seconds }, ...values });
}

function isOfFault({ of }: FigureName, runs: readonly ComparedRun[]): boolean {
  return runs.some(({ measurements }) =>
    measurements.figures.some((each) => each.fault !== null && comparedAs(each) === of),
  );
}

function unlessTooFew(gathered: Gathered): Gathered | NoEvidence {
  const { unit, own, first } = gathered;
  if (smallestOneSided(own.length, first.length) <= significance) return gathered;
  return {
    withheld: `There are ${unitsInWords(unit, [own.length, first.length])}.`,
    tooFew: true,
    wanted: unit,
  };
}

/**
 * How many of each side it takes at least for a rank test to find one difference among so many figures tested: 4 for one
 * figure alone, since 3 against 3 can lie in 20 orders only, and p is never below 2 / 20.
 */
export function leastToDecide(tested: number): number {
  let each = 1;
  while (2 * smallestOneSided(each, each) * Math.max(1, tested) > significance) each++;
  return each;
}

/** "A test needs at least 4 of each, ...". */
export function whatIsNeeded(unit: EvidenceUnit, tested: number): string {
  const each = leastToDecide(tested);
  const least = `A test needs at least ${leastToDecide(1)} of each, and ${each} to find one difference among the ${tested} figures tested`;
  return unit.kind === "blocks"
    ? `${least}: about ${secondsForBlocks(each, unit.seconds)} s of steady phase. ${repeat}`
    : `${least}.`;
}

/**
 * A finding is called one up to here, among all that were tested: at most one in twenty such findings is expected to be
 * false. Fisher's customary level; the seconds' dependence is dealt with where they are made into blocks.
 */
export const significance = 0.05;

const repeat = `Repeated runs say more: ${leastToDecide(1)} or more of each side (run --repeat).`;
