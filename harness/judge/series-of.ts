import { build, decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { NamedFigure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { EncodedHistogram, OperationSecond, RecordedStage, StageSecond } from "../model/stage.ts";
import { type Percentile, samplesNeeded } from "../stats/percentiles.ts";
import type { ComparedRun } from "./compared-run.ts";

type Series = (together: readonly OperationSecond[]) => number | null;

/** Of metrics that have a value for each second. */
const perSecond: Partial<Record<MetricName, Series>> = {
  "latency-p50": ofHistogram("latency", 50),
  "latency-p95": ofHistogram("latency", 95),
  "latency-p99": ofHistogram("latency", 99),
  "service-time-p50": ofHistogram("serviceTime", 50),
  "service-time-p95": ofHistogram("serviceTime", 95),
  "service-time-p99": ofHistogram("serviceTime", 99),
  throughput: (together) => sum(together, ({ ok }) => ok),
  goodput: (together) => sum(together, ({ inTime }) => inTime),
};

/**
 * The values behind a figure, for a rank test: those of its injections, or one for each steady second of its stage, the
 * agents added up. Seconds with fewer operations than a percentile needs have none. Empty: the figure stands alone.
 */
export function seriesOf(
  { metric, of }: { readonly metric: MetricName; readonly of: string },
  own: readonly NamedFigure[],
  { recording, measurements }: ComparedRun,
): readonly number[] {
  if (own.length > 1) {
    return own.flatMap(({ figure }) => (figure.kind === "value" ? [figure.value] : []));
  }
  const series = perSecond[metric];
  const measured = measurements.stages.find(({ title }) => title === of);
  const recorded = recording.stages.find(({ stage }) => stage.stage === measured?.stage.stage);
  if (series === undefined || recorded === undefined) return [];
  return steadySeconds(recorded).flatMap((together) => {
    const value = series(together.flatMap(({ operations }) => operations));
    return value === null ? [] : [value];
  });
}

/** The agents' seconds that began within the same second. */
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
  return [...intervals.values()];
}

function ofHistogram(of: "latency" | "serviceTime", which: Percentile): Series {
  return (together) => {
    const merged = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
    for (const second of together) add(second[of]);
    return merged.totalCount < samplesNeeded[which] ? null : merged.getValueAtPercentile(which) / 1000;

    function add(encoded: EncodedHistogram): void {
      if (encoded !== null) merged.add(decodeFromCompressedBase64(encoded));
    }
  };
}

function sum(together: readonly OperationSecond[], count: (second: OperationSecond) => number): number {
  return together.reduce((total, second) => total + count(second), 0);
}
