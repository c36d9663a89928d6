import type { Figure, LatencyFigures } from "../model/measurement.ts";
import type { Percentile } from "../stats/percentiles.ts";
import { percentileOfDue, percentileOfOk, type RankedOperations } from "../stats/ranked-operations.ts";

/** From here on an operation was counted as late where it was sent (OperationSecond.late). Milliseconds. */
const lateFromMs = 1;

/** What is known of the client's own share in the latencies of some operations. */
export interface ClientLateness {
  /** The operations by their times from the moment the client noticed that they were due; null: that was not recorded. */
  readonly noticed: RankedOperations | null;
  /** That the client itself sent more than 1 ms late. */
  readonly late: number;
  /** That ended ok, and the client stood still while they were under way: StageOperation.stalled. */
  readonly stalled: number;
  /** That were missed, perhaps for the client's own sake: StageOperation.cutShort. */
  readonly cutShort: number;
  /** How late the client was at most. Milliseconds. */
  readonly mostMs: number;
}

/**
 * What the latency would be at least if the client had not been late itself. A percentile of the times from the moment
 * when the client noticed an operation, where they were recorded: lateness is taken from each operation, since the
 * difference of two percentiles is no percentile of differences. Else a bound that holds whichever operations were the
 * late ones: all that were counted as late may have been the slowest, and quick without it; any other was at most 1 ms
 * late.
 */
export function withoutLateness(
  latency: RankedOperations,
  { noticed, late, stalled, cutShort, mostMs }: ClientLateness,
): LatencyFigures {
  const at = (which: Percentile): Figure => {
    const figure =
      noticed === null
        ? percentileOfDue(which, latency, late + cutShort)
        : percentileOfDue(which, noticed, cutShort);
    if (figure.kind !== "value") return figure;
    const otherMs = noticed === null ? Math.min(lateFromMs, mostMs) : 0;
    const exact = otherMs === 0 && cutShort === 0 && stalled === 0 && (noticed !== null || late === 0);
    return { kind: exact ? "value" : "at-least", value: Math.max(0, figure.value - otherMs) };
  };
  return { p50: at(50), p95: at(95), p99: at(99) };
}

/**
 * What the service time would be at least if the client had not stood still: those that were under way meanwhile may have
 * been answered however early.
 */
export function withoutStalls(serviceTime: RankedOperations, stalled: number): LatencyFigures {
  const at = (which: Percentile): Figure => {
    const figure = percentileOfOk(which, serviceTime, stalled);
    return figure.kind === "value" && stalled > 0 ? { ...figure, kind: "at-least" } : figure;
  };
  return { p50: at(50), p95: at(95), p99: at(99) };
}
