import type { LatencyFigures, NamedFigure } from "../model/measurement.ts";
import { formatShare } from "../model/format-value.ts";

/** The latencies and service times that targets are judged by, of one stage, operation, or stream and part. */
export function latencyFigures(
  of: string,
  times: {
    readonly latencyMs: LatencyFigures;
    readonly withoutLatenessMs: LatencyFigures;
    readonly serviceTimeMs: LatencyFigures;
    readonly serviceWithoutStallsMs?: LatencyFigures;
  },
  n: { readonly due: number; readonly ok: number },
): NamedFigure[] {
  const percentiles = ["p50", "p95", "p99"] as const;
  return [
    ...percentiles.map((percentile): NamedFigure => ({
      metric: `latency-${percentile}`,
      of,
      fault: null,
      figure: times.latencyMs[percentile],
      n: n.due,
      ...(times.latencyMs[percentile].kind === "at-least" ? { because: notOk(n) } : {}),
      withoutLateness: times.withoutLatenessMs[percentile],
    })),
    ...percentiles.map((percentile): NamedFigure => ({
      metric: `service-time-${percentile}`,
      of,
      fault: null,
      figure: times.serviceTimeMs[percentile],
      n: n.ok,
      ...(times.serviceWithoutStallsMs === undefined
        ? {}
        : { withoutLateness: times.serviceWithoutStallsMs[percentile] }),
    })),
  ];
}

function notOk({ due, ok }: { readonly due: number; readonly ok: number }): string {
  return `${formatShare(due - ok, due)} of the operations did not end ok`;
}
