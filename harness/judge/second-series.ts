import type { Histogram } from "hdr-histogram-js";
import { operationTitle } from "../model/figure-names.ts";
import { type MetricDescription, type MetricName, metrics, type RateName } from "../model/metric.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../model/stage.ts";
import { leastOf } from "../stats/extremes.ts";
import type { KnownFigure } from "../stats/figures.ts";
import type { Percentile } from "../stats/percentiles.ts";
import { addUp, rankHistogram } from "../stats/ranked-histograms.ts";
import { percentileOfDue, percentileOfOk } from "../stats/ranked-operations.ts";
import { countedOf, rateWithoutStalls } from "../stats/rate-without-stalls.ts";
import { steadySeconds } from "../stats/steady-phase.ts";
import type { ComparedRun } from "./compared-run.ts";
import { totalCount } from "../stats/total-count.ts";

/** A metric over any stretch of consecutive whole seconds of a stage's steady phase. */
export interface SecondSeries {
  readonly seconds: number;
  /** Over the seconds from `from` up to, and without, `to`; null: they have too few operations for it. */
  readonly over: (from: number, to: number) => KnownFigure | null;
}

/** What became of the operations in each second, all agents together. */
interface Seconds {
  readonly operations: readonly (readonly OperationSecond[])[];
  readonly timeoutMs: number;
  /** Of a closed load each second as its agents told it; null: of an open one. */
  readonly closed: readonly (readonly StageSecond[])[] | null;
}

/** As the metric declares it; null: it has no value for each second. */
function seriesOf({ series, percentile }: MetricDescription): ((seconds: Seconds) => SecondSeries) | null {
  if (series?.kind === "rate") return rateSeries(series.rate);
  return series === undefined || percentile === undefined ? null : percentileSeries(series.time, percentile);
}

/** The seconds behind a stage's figure, the agents added up; null: it is not made of seconds, or there is no such stage. */
export function secondSeries(
  { metric, of }: { readonly metric: MetricName; readonly of: string },
  { recording, measurements }: ComparedRun,
): SecondSeries | null {
  const series = seriesOf(metrics[metric]);
  const timeoutMs = recording.plan.benchmark?.client.timeoutMs;
  if (series === null || timeoutMs === undefined) return null;
  for (const { title, stage: measured } of measurements.stages) {
    const recorded = recording.stages.find(({ stage }) => stage.stage === measured.stage);
    const counts = ({ operation }: OperationSecond): boolean =>
      of === title || of === operationTitle(title, operation);
    const seconds = (recorded === undefined ? [] : wholeSeconds(recorded)).map((agents) =>
      agents.map((second) => ({ ...second, operations: second.operations.filter(counts) })),
    );
    const operations = seconds.map((agents) => agents.flatMap((second) => second.operations));
    const closed = measured.shape.kind === "closed" ? seconds : null;
    if (operations.some((each) => each.length > 0)) return series({ operations, timeoutMs, closed });
  }
  return null;
}

/** The agents' steady seconds, those that began within the same second together, in order. */
function wholeSeconds(recorded: RecordedStage): StageSecond[][] {
  const steady = steadySeconds(recorded);
  const startUs = leastOf(steady, ({ fromUs }) => fromUs);
  const intervals = new Map<number, StageSecond[]>();
  for (const second of steady) {
    // The last second may be cut short: its counts are not those of a second.
    if (second.toUs - second.fromUs < 900_000) continue;
    const key = Math.round((second.fromUs - startUs) / 1e6);
    const together = intervals.get(key);
    if (together === undefined) intervals.set(key, [second]);
    else together.push(second);
  }
  return [...intervals].sort(([a], [b]) => a - b).map(([, together]) => together);
}

function percentileSeries(time: "latency" | "serviceTime", which: Percentile) {
  const percentile = time === "latency" ? percentileOfDue : percentileOfOk;
  return ({ operations, timeoutMs }: Seconds): SecondSeries => {
    const histograms: readonly Histogram[] = operations.map((second) =>
      addUp(second.map((one) => one[time])),
    );
    const notOk = operations.map((second) =>
      sum(second, ({ failed, unknown }) => totalCount(failed) + totalCount(unknown)),
    );
    return {
      seconds: operations.length,
      over: (from, to) => {
        const rest = { notOk: sum(notOk.slice(from, to), (count) => count), timeoutMs };
        const figure = percentile(which, rankHistogram(addUp(histograms.slice(from, to)), rest));
        return figure.kind === "withheld" ? null : figure;
      },
    };
  };
}

function rateSeries(rate: RateName) {
  return ({ operations, closed }: Seconds): SecondSeries => ({
    seconds: operations.length,
    over: (from, to) =>
      closed === null
        ? { kind: "value", value: sum(operations.slice(from, to).flat(), countedOf[rate]) / (to - from) }
        : rateWithoutStalls(closed.slice(from, to).flat(), rate),
  });
}

function sum<One>(list: readonly One[], of: (one: One) => number): number {
  return list.reduce((all, one) => all + of(one), 0);
}
