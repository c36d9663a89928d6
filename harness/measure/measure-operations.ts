import type { ClientSettings } from "../model/benchmark.ts";
import type { LatencyFigures, StageOperation } from "../model/measurement.ts";
import { timeoutCodes } from "../model/sample.ts";
import type { CodeCounts, EncodedHistogram, OperationSecond, StageSecond } from "../model/stage.ts";
import {
  percentilesOfDue,
  percentilesOfOk,
  type RankedHistogram,
  rankHistograms,
} from "../stats/ranked-histograms.ts";
import { type ClientLateness, withoutLateness, withoutStalls } from "./without-lateness.ts";
import { totalCount } from "../stats/total-count.ts";

const noneOk = "no operation ended ok";
const noLag = "the engine did not tell when its operations were due";

/** What became of a stage's operations, by the seconds given: all of them first, then each kind by name. */
export function measureOperations(
  seconds: readonly StageSecond[],
  settings: Pick<ClientSettings, "engine" | "timeoutMs">,
): StageOperation[] {
  const all = seconds.flatMap(({ operations }) => operations);
  const client = clientThen(seconds, settings);
  const names = [...new Set(all.map(({ operation }) => operation))].sort();
  return [
    measureOperation("all operations", all, client),
    ...names.map((name) =>
      measureOperation(
        name,
        all.filter(({ operation }) => operation === name),
        client,
      ),
    ),
  ];
}

/** The latencies of all operations of these seconds together, and what they would be at least without the client's lateness. */
export function rankLatencies(
  seconds: readonly StageSecond[],
  settings: Pick<ClientSettings, "engine" | "timeoutMs">,
): { readonly latency: RankedHistogram; readonly withoutLatenessMs: LatencyFigures } {
  const all = seconds.flatMap(({ operations }) => operations);
  const { latency, lateness } = rankOperations(all, clientThen(seconds, settings));
  return { latency, withoutLatenessMs: withoutLateness(latency, lateness) };
}

/** Operations that were due: all that have ended, in whatever way, and those that were never sent. */
export function dueOf({ outcomes: { ok, failed, unknown } }: Pick<StageOperation, "outcomes">): number {
  return ok + failed + unknown;
}

/** Operations that were sent and have ended, in whatever way. */
export function sentOf(operation: StageOperation): number {
  return dueOf(operation) - operation.neverSent;
}

/** The client while these operations were due. */
interface ClientThen extends Pick<ClientSettings, "engine" | "timeoutMs"> {
  /** How late it looked at its schedule at most. Milliseconds. */
  readonly mostLateMs: number;
}

function clientThen(
  seconds: readonly StageSecond[],
  { engine, timeoutMs }: Pick<ClientSettings, "engine" | "timeoutMs">,
): ClientThen {
  const mostLateMs = seconds.reduce((most, { client }) => Math.max(most, client.latenessMaxUs), 0) / 1000;
  return { engine, timeoutMs, mostLateMs };
}

/** One kind of operation, or several as one: what became of them, and how much of that may be the client's. */
function rankOperations(seconds: readonly OperationSecond[], client: ClientThen) {
  const sum = (count: (second: OperationSecond) => number): number =>
    seconds.reduce((total, second) => total + count(second), 0);
  const failed = addCounts(seconds.map((second) => second.failed));
  const unknown = addCounts(seconds.map((second) => second.unknown));
  const outcomes = { ok: sum(({ ok }) => ok), failed: totalCount(failed), unknown: totalCount(unknown) };
  const rest = { notOk: outcomes.failed + outcomes.unknown, timeoutMs: client.timeoutMs };
  const latency = rankHistograms(
    seconds.map((second) => second.latency),
    rest,
  );
  const noticed = noticedOf(seconds);
  const neverSent = sum((second) => second.neverSent);
  const timedOut = timeoutCodes.reduce(
    (count, code) => count + (failed[code] ?? 0) + (unknown[code] ?? 0),
    0,
  );
  const cutShort = seconds.every((second) => second.cutShort !== undefined)
    ? sum((second) => second.cutShort ?? 0)
    : perhapsCutShort({ neverSent, timedOut }, client);
  const lateness: ClientLateness = {
    noticed: noticed === null ? null : rankHistograms(noticed, rest),
    late: sum((second) => second.late),
    stalled: sum((second) => second.stalled ?? 0),
    cutShort,
    mostMs: client.mostLateMs,
  };
  return { failed, unknown, outcomes, rest, latency, neverSent, lateness };
}

function measureOperation(
  operation: string,
  seconds: readonly OperationSecond[],
  client: ClientThen,
): StageOperation {
  const { failed, unknown, outcomes, rest, latency, neverSent, lateness } = rankOperations(seconds, client);
  const { late, stalled, cutShort } = lateness;
  const serviceTime = rankHistograms(
    seconds.map((second) => second.serviceTime),
    rest,
  );
  return {
    operation,
    outcomes,
    failed,
    unknown,
    retried: addCounts(seconds.map((second) => second.retried)),
    neverSent,
    late,
    stalled,
    cutShort,
    inTime: seconds.reduce((count, { inTime }) => count + inTime, 0),
    latencyMs: percentilesOfDue(latency),
    withoutLatenessMs: withoutLateness(latency, lateness),
    serviceTimeMs: percentilesOfOk(serviceTime, noneOk),
    serviceWithoutStallsMs: withoutStalls(serviceTime, stalled),
    lagMs: percentilesOfOk(
      rankHistograms(
        seconds.map(({ lag }) => lag),
        { ...rest, notOk: 0 },
      ),
      noLag,
    ),
  };
}

/** null: some that ended ok have no such time (an engine that cannot tell, or a recording of before it was kept). */
function noticedOf(seconds: readonly OperationSecond[]): readonly EncodedHistogram[] | null {
  const noticed: EncodedHistogram[] = [];
  for (const second of seconds) {
    if (second.noticed === undefined && second.ok > 0) return null;
    noticed.push(second.noticed ?? null);
  }
  return noticed;
}

/**
 * Where it was not told. Operations are never sent for want of room among those that wait, which is the cluster's doing, or
 * of time: the client's own where it looked at its schedule later than the time-out. Then it read no answers either. Other
 * engines do not tell how late they were.
 */
function perhapsCutShort(
  { neverSent, timedOut }: { readonly neverSent: number; readonly timedOut: number },
  { engine, timeoutMs, mostLateMs }: ClientThen,
): number {
  const late = engine !== "native" || mostLateMs >= timeoutMs;
  return late && neverSent > 0 ? neverSent + timedOut : 0;
}

function addCounts(counts: readonly CodeCounts[]): CodeCounts {
  const sums: Record<string, number> = {};
  for (const each of counts) {
    for (const [code, count] of Object.entries(each)) sums[code] = (sums[code] ?? 0) + count;
  }
  return sums;
}
