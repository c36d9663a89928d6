import { build, decodeFromCompressedBase64, HistogramLogWriter, type Histogram } from "hdr-histogram-js";
import type { EncodedHistogram, OperationSecond, StageSecond } from "../model/stage.ts";

const metrics = {
  latency: { of: "latency", meaning: "Latency from the intended start of operations that ended ok" },
  serviceTime: { of: "service-time", meaning: "Service time of operations that ended ok" },
  lag: { of: "lag", meaning: "Schedule lag of operations that were sent" },
} as const satisfies Partial<Record<keyof OperationSecond, { of: string; meaning: string }>>;

/** One `.hlog` of a stage: one kind of operation and metric. */
export interface HistogramLog {
  readonly operation: string;
  readonly metric: (typeof metrics)[keyof typeof metrics]["of"];
  /** Lines with line ends between them, in HdrHistogram's own log format. */
  readonly text: string;
}

/**
 * The seconds of a stage as HdrHistogram's own logs: one interval per phase and second, tagged `Tag=<phase>`, in which
 * the agents' histograms are added up. An agent's second goes to the interval that it began in.
 */
export function stageHistograms(seconds: readonly StageSecond[]): HistogramLog[] {
  const startUs = seconds.reduce((earliest, { fromUs }) => Math.min(earliest, fromUs), Infinity);
  const intervals = new Map<string, StageSecond[]>();
  for (const second of seconds.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const key = `${second.phase} ${Math.round((second.fromUs - startUs) / 1e6)}`;
    const together = intervals.get(key);
    if (together === undefined) intervals.set(key, [second]);
    else together.push(second);
  }
  const operations = new Set(
    seconds.flatMap((second) => second.operations.map(({ operation }) => operation)),
  );
  return [...operations].sort().flatMap((operation) =>
    (["latency", "serviceTime", "lag"] as const).map((which) => ({
      operation,
      metric: metrics[which].of,
      text: logOf([...intervals.values()], operation, which),
    })),
  );
}

function logOf(
  intervals: readonly (readonly StageSecond[])[],
  operation: string,
  which: keyof typeof metrics,
): string {
  let text = "";
  const log = new HistogramLogWriter((written) => (text += written));
  log.outputLogFormatVersion();
  log.outputComment(`[${operation}: ${metrics[which].meaning}, microseconds; times are the recording's]`);
  log.outputLegend();
  for (const together of intervals) {
    const encoded = together.flatMap(({ operations }) =>
      operations.filter((each) => each.operation === operation).map((each) => each[which]),
    );
    const merged = merge(encoded);
    if (merged === null) continue;
    merged.tag = together[0]?.phase ?? "";
    const fromUs = Math.min(...together.map((second) => second.fromUs));
    const toUs = Math.max(...together.map((second) => second.toUs));
    log.outputIntervalHistogram(merged, fromUs / 1e6, toUs / 1e6, 1);
  }
  return text.trimEnd();
}

function merge(encoded: readonly EncodedHistogram[]): Histogram | null {
  let merged: Histogram | null = null;
  for (const each of encoded) {
    if (each === null) continue;
    merged ??= build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
    merged.add(decodeFromCompressedBase64(each));
  }
  return merged;
}
