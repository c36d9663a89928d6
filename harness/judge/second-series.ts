import type { Histogram } from "hdr-histogram-js";
import { operationTitle } from "../model/figure-names.ts";
import type { Figure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../model/stage.ts";
import { leastOf } from "../stats/extremes.ts";
import type { KnownFigure } from "../stats/figures.ts";
import type { Percentile } from "../stats/percentiles.ts";
import { addUp, rankHistogram } from "../stats/ranked-histograms.ts";
import { percentileOfDue, percentileOfOk, type RankedOperations } from "../stats/ranked-operations.ts";
import { rateWithoutStalls } from "../stats/rate-without-stalls.ts";
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

/** Of metrics that have a value for each second. */
const perSecond: Partial<Record<MetricName, (seconds: Seconds) => SecondSeries>> = {
  "latency-p50": percentileSeries("latency", 50, percentileOfDue),
  "latency-p95": percentileSeries("latency", 95, percentileOfDue),
  "latency-p99": percentileSeries("latency", 99, percentileOfDue),
  "service-time-p50": percentileSeries("serviceTime", 50, percentileOfOk),
  "service-time-p95": percentileSeries("serviceTime", 95, percentileOfOk),
  "service-time-p99": percentileSeries("serviceTime", 99, percentileOfOk),
  throughput: rateSeries("throughput", ({ ok }) => ok),
  goodput: rateSeries("goodput", ({ inTime }) => inTime),
};

/** The seconds behind a stage's figure, the agents added up; null: it is not made of seconds, or there is no such stage. */
export function secondSeries(
  { metric, of }: { readonly metric: MetricName; readonly of: string },
  { recording, measurements }: ComparedRun,
): SecondSeries | null {
  const series = perSecond[metric];
  const timeoutMs = recording.plan.benchmark?.client.timeoutMs;
  if (series === undefined || timeoutMs === undefined) return null;
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

function percentileSeries(
  time: "latency" | "serviceTime",
  which: Percentile,
  percentile: (which: Percentile, ranked: RankedOperations) => Figure,
) {
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

function rateSeries(metric: "throughput" | "goodput", count: (second: OperationSecond) => number) {
  return ({ operations, closed }: Seconds): SecondSeries => ({
    seconds: operations.length,
    over: (from, to) =>
      closed === null
        ? { kind: "value", value: sum(operations.slice(from, to).flat(), count) / (to - from) }
        : rateWithoutStalls(closed.slice(from, to).flat(), metric),
  });
}

function sum<One>(list: readonly One[], of: (one: One) => number): number {
  return list.reduce((all, one) => all + of(one), 0);
}
