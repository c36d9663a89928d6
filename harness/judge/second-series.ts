import { build, decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { MetricName } from "../model/metric.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../model/stage.ts";
import type { ComparedRun } from "./compared-run.ts";

/** A metric over any stretch of consecutive whole seconds of a stage's steady phase. */
export interface SecondSeries {
  readonly seconds: number;
  /** Over the seconds from `from` up to, and without, `to`; null: too few operations for it. */
  readonly over: (from: number, to: number) => number | null;
}

/** Of metrics that have a value for each second. */
const perSecond: Partial<Record<MetricName, (seconds: readonly OperationSecond[][]) => SecondSeries>> = {
  "latency-p50": percentileOf("latency", 50, 10),
  "latency-p95": percentileOf("latency", 95, 100),
  "latency-p99": percentileOf("latency", 99, 1000),
  "service-time-p50": percentileOf("serviceTime", 50, 10),
  "service-time-p95": percentileOf("serviceTime", 95, 100),
  "service-time-p99": percentileOf("serviceTime", 99, 1000),
  throughput: meanOf(({ ok }) => ok),
  goodput: meanOf(({ inTime }) => inTime),
};

/** The seconds behind a stage's figure, the agents added up; null: it is not made of seconds, or there is no such stage. */
export function secondSeries(
  { metric, of }: { readonly metric: MetricName; readonly of: string },
  { recording, measurements }: ComparedRun,
): SecondSeries | null {
  const series = perSecond[metric];
  const measured = measurements.stages.find(({ title }) => title === of);
  const recorded = recording.stages.find(({ stage }) => stage.stage === measured?.stage.stage);
  if (series === undefined || recorded === undefined) return null;
  return series(steadySeconds(recorded).map((together) => together.flatMap(({ operations }) => operations)));
}

/** The agents' seconds that began within the same second, in order. */
function steadySeconds({ seconds }: RecordedStage): StageSecond[][] {
  const steady = seconds.filter(({ phase }) => phase === "steady");
  const startUs = Math.min(...steady.map(({ fromUs }) => fromUs));
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

function percentileOf(which: "latency" | "serviceTime", share: number, needed: number) {
  return (seconds: readonly OperationSecond[][]): SecondSeries => {
    const histograms = seconds.map((second) =>
      merged(second.flatMap((one) => one[which] ?? []).map((each) => decodeFromCompressedBase64(each))),
    );
    return {
      seconds: seconds.length,
      over: (from, to) => {
        const together = merged(histograms.slice(from, to));
        return together.totalCount < needed ? null : together.getValueAtPercentile(share) / 1000;
      },
    };
  };
}

function merged(histograms: readonly Histogram[]): Histogram {
  const together = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const each of histograms) together.add(each);
  return together;
}

function meanOf(count: (second: OperationSecond) => number) {
  return (seconds: readonly OperationSecond[][]): SecondSeries => {
    const counts = seconds.map((second) => second.reduce((total, each) => total + count(each), 0));
    return {
      seconds: counts.length,
      over: (from, to) => counts.slice(from, to).reduce((total, each) => total + each, 0) / (to - from),
    };
  };
}
