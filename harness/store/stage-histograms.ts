import { build, decodeFromCompressedBase64, HistogramLogWriter, type Histogram } from "hdr-histogram-js";
import type { Micros } from "../model/clock.ts";
import type { EncodedHistogram, OperationSecond, StageSecond } from "../model/stage.ts";

const metrics = {
  latency: { of: "latency", meaning: "Latency from the intended start of operations that ended ok" },
  serviceTime: { of: "service-time", meaning: "Service time of operations that ended ok" },
  lag: { of: "lag", meaning: "Schedule lag of operations that were sent" },
} as const satisfies Partial<Record<keyof OperationSecond, { of: string; meaning: string }>>;

/** A line of one of a stage's `.hlog` files, in HdrHistogram's own log format: one kind of operation and metric. */
export interface HistogramLogLine {
  readonly operation: string;
  readonly metric: (typeof metrics)[Metric]["of"];
  readonly line: string;
}

type Metric = keyof typeof metrics;

/** An interval stays open so long for an agent's second that comes after others': longer than any operation's time-out. */
const GRACE_US = 120_000_000;

/**
 * The seconds of a stage as HdrHistogram's own logs: one interval per phase and second, tagged `Tag=<phase>`, in which
 * the agents' histograms are added up. An agent's second goes to the interval that it began in; one that comes when that
 * was written is an interval of its own. However long the stage, no more than two minutes of it are held.
 */
export function stageHistograms(
  seconds: Iterable<StageSecond>,
  write: (line: HistogramLogLine) => void,
): void {
  const logs = new Map<string, Readonly<Record<Metric, HistogramLogWriter>>>();
  const open = new Map<string, StageSecond[]>();
  let startUs: Micros | null = null;
  let newestUs: Micros = -Infinity;
  const writeUpTo = (atUs: Micros): void => {
    const due = [...open].filter(([, together]) => fromUsOf(together) <= atUs);
    for (const [key, together] of due.sort(([, a], [, b]) => fromUsOf(a) - fromUsOf(b))) {
      open.delete(key);
      for (const [operation, log] of logs) {
        for (const metric of allMetrics) writeInterval(log[metric], together, operation, metric);
      }
    }
  };
  for (const second of seconds) {
    for (const { operation } of second.operations) {
      if (!logs.has(operation)) logs.set(operation, openLogs(operation, write));
    }
    startUs ??= second.fromUs;
    const key = `${second.phase} ${Math.round((second.fromUs - startUs) / 1e6)}`;
    const together = open.get(key);
    if (together === undefined) open.set(key, [second]);
    else together.push(second);
    if (second.fromUs <= newestUs) continue;
    newestUs = second.fromUs;
    writeUpTo(newestUs - GRACE_US);
  }
  writeUpTo(Infinity);
}

const allMetrics = ["latency", "serviceTime", "lag"] as const satisfies readonly Metric[];

function openLogs(
  operation: string,
  write: (line: HistogramLogLine) => void,
): Readonly<Record<Metric, HistogramLogWriter>> {
  const open = (which: Metric): HistogramLogWriter => {
    const { of: metric, meaning } = metrics[which];
    const log = new HistogramLogWriter((text) => {
      for (const line of text.split("\n")) if (line !== "") write({ operation, metric, line });
    });
    log.outputLogFormatVersion();
    log.outputComment(`[${operation}: ${meaning}, microseconds; times are the recording's]`);
    log.outputLegend();
    return log;
  };
  return { latency: open("latency"), serviceTime: open("serviceTime"), lag: open("lag") };
}

function writeInterval(
  log: HistogramLogWriter,
  together: readonly StageSecond[],
  operation: string,
  metric: Metric,
): void {
  const encoded = together.flatMap(({ operations }) =>
    operations.filter((each) => each.operation === operation).map((each) => each[metric]),
  );
  const merged = merge(encoded);
  if (merged === null) return;
  merged.tag = together[0]?.phase ?? "";
  const toUs = Math.max(...together.map((second) => second.toUs));
  log.outputIntervalHistogram(merged, fromUsOf(together) / 1e6, toUs / 1e6, 1);
}

function fromUsOf(together: readonly StageSecond[]): Micros {
  return Math.min(...together.map((second) => second.fromUs));
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
