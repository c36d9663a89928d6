import type { ComparedFigure, RunComparison, RunDifference } from "../model/comparison.ts";
import type { Figure, NamedFigure } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import type { ComparedRun } from "./compared-run.ts";
import { mannWhitney, valuesForRankTest } from "./mann-whitney.ts";
import { seriesOf } from "./series-of.ts";
import { statisticOf } from "./statistic-of.ts";
import { whyNotComparable } from "./why-not-comparable.ts";

/** A difference is one from 5 % on: smaller ones come and go with the machine's mood. */
export const minimumEffect = 0.05;
/** Below this a rank test speaks of no chance. Strict, because seconds of one stage are not quite independent. */
export const significance = 0.01;

/**
 * Sets the figures of runs side by side, each against the first run's. A difference counts only when it is at least the
 * minimum effect and a rank test over the values behind the figures (one per steady second, or one per injection) finds
 * it too: a rank test alone calls any difference significant once there are enough seconds.
 */
export function compareRuns(runs: readonly ComparedRun[]): RunComparison {
  const notComparable = whyNotComparable(runs.map(({ recording }) => recording));
  const keys = new Map<string, Row>();
  for (const { measurements } of runs) {
    for (const { metric, fault, of } of measurements.figures) {
      const row = { metric, of: fault ?? of };
      keys.set(`${metric}\n${row.of}`, row);
    }
  }
  return {
    notComparable,
    rows: [...keys.values()].map((row) => compareFigure(row, runs, notComparable.length === 0)),
  };
}

type Row = Pick<ComparedFigure, "metric" | "of">;

function compareFigure(row: Row, runs: readonly ComparedRun[], comparable: boolean): ComparedFigure {
  const figures = runs.map((run) => figureOf(row, ownFigures(row, run)));
  const series = runs.map((run) => seriesOf(row, ownFigures(row, run), run));
  const caution = cautionOf(row, runs);
  const differences = figures.slice(1).map((figure, index): RunDifference => {
    const ratio = ratioOf(figure, figures[0]);
    const test = testOf(series[index + 1], series[0]);
    const decidable = comparable && caution === null;
    return { ratio, test, finding: decidable ? findingOf(row.metric, ratio, test) : "undecided" };
  });
  return { ...row, figures, differences, caution };
}

function ownFigures({ metric, of }: Row, { measurements }: ComparedRun): readonly NamedFigure[] {
  return measurements.figures.filter((each) => each.metric === metric && (each.fault ?? each.of) === of);
}

function figureOf({ metric, of }: Row, own: readonly NamedFigure[]): Figure {
  const [only] = own;
  if (only === undefined) return { kind: "withheld", reason: "this run did not measure it" };
  if (own.length === 1) return only.figure;
  const target = { id: "", title: "", metric, statistic: "median", bound: { below: 0 }, source: "" } as const;
  const measured = own.filter(({ figure }) => figure.kind !== "withheld");
  return (
    statisticOf(target, measured).judged[0]?.figure ?? {
      kind: "withheld",
      reason: `nothing was measured of ${of}`,
    }
  );
}

function ratioOf(figure: Figure, first: Figure | undefined): Figure {
  if (first === undefined || first.kind === "withheld" || figure.kind === "withheld") {
    return { kind: "withheld", reason: "a figure is missing" };
  }
  if (first.kind !== "value" || figure.kind !== "value") {
    return { kind: "withheld", reason: "a figure is known within bounds only" };
  }
  if (first.value === 0) {
    return figure.value === 0
      ? { kind: "value", value: 1 }
      : { kind: "withheld", reason: "the first run's figure is 0" };
  }
  return { kind: "value", value: figure.value / first.value };
}

function testOf(
  own: readonly number[] | undefined,
  first: readonly number[] | undefined,
): RunDifference["test"] {
  const fewest = Math.min(own?.length ?? 0, first?.length ?? 0);
  if (own === undefined || first === undefined || fewest === 0) {
    return { withheld: "there is one figure only for each run" };
  }
  return fewest < valuesForRankTest
    ? { withheld: `a rank test needs ${valuesForRankTest} values of each run, there are ${fewest}` }
    : mannWhitney(own, first);
}

function findingOf(metric: MetricName, ratio: Figure, test: RunDifference["test"]): RunDifference["finding"] {
  if (ratio.kind !== "value") return "undecided";
  if (Math.abs(ratio.value - 1) < minimumEffect) return "alike";
  if ("withheld" in test || test.pValue >= significance) return "undecided";
  const { better } = metrics[metric];
  if (better === "neither") return "different";
  return ratio.value < 1 === (better === "lower") ? "better" : "worse";
}

/** Latency means something only at a stated load: at another load it is another question. */
function cautionOf({ metric, of }: Row, runs: readonly ComparedRun[]): string | null {
  if (metric === "capacity" || metric === "throughput" || metric === "goodput") return null;
  const rates = runs.flatMap(({ measurements }) =>
    measurements.stages
      .filter(({ title, stage }) => title === of && stage.shape.kind === "open")
      .flatMap(({ offeredPerSecond: offered }) => (offered.kind === "value" ? [offered.value] : [])),
  );
  if (rates.length === 0 || Math.max(...rates) <= Math.min(...rates) * (1 + minimumEffect)) return null;
  return `measured at ${rates.map((rate) => `${Math.round(rate).toLocaleString("en-US")}/s`).join(" and ")}`;
}
