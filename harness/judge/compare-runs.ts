import type { ComparedFigure, RunComparison, SideDifference } from "../model/comparison.ts";
import type { Arrival } from "../model/load.ts";
import type { Figure } from "../model/measurement.ts";
import { metrics } from "../model/metric.ts";
import { knownFigures, median, medianFigure } from "../stats/figures.ts";
import { adjustedAmong } from "../stats/false-discoveries.ts";
import type { ComparedRun } from "./compared-run.ts";
import { evidenceOf, findDifference, ratioOf, type ShownFigures } from "./find-difference.ts";
import {
  comparedAs,
  type FigureName,
  figuresNamed,
  gatherEvidence,
  type NoEvidence,
  whatIsNeeded,
} from "./gather-evidence.ts";
import { stageOf } from "./trusted-figures.ts";
import { minimumEffect, weighEvidence, type Weighed } from "./weigh-evidence.ts";
import { whyNotComparable } from "./why-not-comparable.ts";
import { formatRate, listed } from "../model/format-value.ts";

/** Runs of the same kind, that stand for one thing: at least one. */
export type ComparedSide = readonly ComparedRun[];

/**
 * Sets the figures of sides next to each other, each against the first side's, and says what may be said of each
 * difference. Many figures are tested at once, so findings are those that remain when p is raised to what it means among
 * all of them: at most one in twenty "better" or "worse" is expected to be chance, and at most one in twenty "alike".
 */
export function compareRuns(sides: readonly ComparedSide[]): RunComparison {
  const notComparable = whyNotComparable(sides.flat().map(({ recording }) => recording));
  const rows = namesOf(sides).map((name) => weighRow(name, sides, notComparable));
  const weighed = rows.flatMap(({ differences }) => differences.map((each) => each.evidence));
  const tested = weighed.filter((each) => !("withheld" in each) || each.tooFew);
  const pOf = (of: (one: Weighed) => number): ReadonlyMap<Weighed | NoEvidence, number> => {
    // Of what there was too little of to be tested, nothing was found: it counts all the same.
    const adjusted = adjustedAmong(tested.map((each) => ("withheld" in each ? 1 : of(each))));
    return new Map(tested.map((each, index) => [each, adjusted[index] ?? 1]));
  };
  const noDifference = pOf((one) => one.noDifference);
  const farApart = pOf((one) => one.farApart ?? 1);
  return {
    notComparable,
    tested: tested.length,
    rows: rows.map(({ name, figures, differences, caution, note }) => ({
      ...name,
      figures,
      caution,
      note,
      differences: differences.map(({ shown, evidence }): SideDifference => {
        const ratio = ratioOf(shown);
        if ("withheld" in evidence) {
          const { withheld, wanted } = evidence;
          const why = wanted === undefined ? withheld : `${withheld} ${whatIsNeeded(wanted, tested.length)}`;
          return { ratio, evidence: { withheld: why }, finding: "undecided", why };
        }
        const among = {
          weighed: evidence,
          noDifference: noDifference.get(evidence) ?? 1,
          farApart: evidence.farApart === null ? null : (farApart.get(evidence) ?? 1),
          tested: tested.length,
        };
        return { ratio, evidence: evidenceOf(among), ...findDifference(name.metric, shown, among) };
      }),
    })),
  };
}

interface WeighedRow extends Pick<ComparedFigure, "figures" | "caution" | "note"> {
  readonly name: FigureName;
  readonly differences: readonly { readonly shown: ShownFigures; readonly evidence: Weighed | NoEvidence }[];
}

/** Every figure that any run has, once. */
function namesOf(sides: readonly ComparedSide[]): FigureName[] {
  const names = new Map<string, FigureName>();
  for (const { measurements } of sides.flat()) {
    for (const figure of measurements.figures) {
      const of = comparedAs(figure);
      names.set(`${figure.metric}\n${of}`, { metric: figure.metric, of });
    }
  }
  return [...names.values()];
}

function weighRow(
  name: FigureName,
  sides: readonly ComparedSide[],
  notComparable: readonly string[],
): WeighedRow {
  const figures = sides.map((runs) => figureOf(name, runs));
  const caution = cautionOf(name, sides);
  const [first = none, ...others] = figures;
  const differences = others.map((own, index) => {
    const shown = { own, first };
    if (notComparable.length > 0)
      return { shown, evidence: nothing("The figures are of different things: see above the figures.") };
    if (caution !== null) return { shown, evidence: nothing(`It was ${caution}: another question each.`) };
    const gathered = gatherEvidence(name, sides[index + 1] ?? [], sides[0] ?? []);
    return { shown, evidence: "withheld" in gathered ? gathered : weighEvidence(gathered) };
  });
  return { name, figures, caution, note: noteOf(name, sides), differences };
}

function nothing(withheld: string): NoEvidence {
  return { withheld, tooFew: false };
}

const none: Figure = { kind: "withheld", reason: "this run did not measure it" };

/** The one figure of a side, or the median of several. */
function figureOf(name: FigureName, runs: ComparedSide): Figure {
  const own = figuresNamed(name, runs);
  const known = knownFigures(own);
  return known.length > 0 ? medianFigure(known) : (own[0] ?? none);
}

/** Latency means something only at a stated load: at another load it is another question. */
function cautionOf({ metric, of }: FigureName, sides: readonly ComparedSide[]): string | null {
  // Of a rate the load is what is asked.
  if (metrics[metric].unit === "op/s") return null;
  const rates = sides.flatMap((runs) => {
    const offered = runs.flatMap(({ measurements }) => {
      const measured = stageOf({ metric, of }, measurements.stages);
      if (measured?.stage.shape.kind !== "open") return [];
      const { offeredPerSecond: rate } = measured;
      return rate.kind === "value" ? [rate.value] : [];
    });
    return offered.length === 0 ? [] : [median(offered.sort((a, b) => a - b))];
  });
  if (rates.length === 0 || Math.max(...rates) <= Math.min(...rates) * (1 + minimumEffect)) return null;
  return `measured at ${rates.map((rate) => `${formatRate(rate)}/s`).join(" and ")}`;
}

/**
 * The same rate makes longer queues where operations come at random than where they come evenly spaced: other latencies,
 * and a lower capacity, of the same cluster by the same engine.
 */
function noteOf(name: FigureName, sides: readonly ComparedSide[]): string | null {
  const arrivals = sides.map((runs) => [...new Set(runs.flatMap((run) => arrivalsOf(name, run)))].join(", "));
  const known = arrivals.filter((each) => each !== "");
  if (new Set(known).size < 2) return null;
  return `arrivals ${listed(known, "and")}: evenly spaced (constant) ones wait in shorter queues, whatever the engine`;
}

/** Empty: the figure is not of an open load. */
function arrivalsOf(
  { metric, of }: FigureName,
  { recording, measurements }: ComparedRun,
): readonly Arrival[] {
  const method = recording.plan.benchmark?.method;
  if (metrics[metric].needsSearch === true)
    return method === undefined || method.kind === "fixed" ? [] : [method.search.arrival];
  const shape = stageOf({ metric, of }, measurements.stages)?.stage.shape;
  return shape?.kind === "open" ? [shape.arrival] : [];
}
