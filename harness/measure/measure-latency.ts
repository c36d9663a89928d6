import type { Figure, LatencyMeasurement } from "../model/measurement.ts";
import type { Outcome, Sample, StreamName } from "../model/sample.ts";
import { largest, percentile } from "./percentile.ts";
import type { PartOf } from "./parts-of-run.ts";

type Part = LatencyMeasurement["part"];

const parts: readonly Part[] = ["warmup", "before", "during", "after"];

/** Latency and service time of one stream in each part of the run, over the operations that were answered ok. */
export function measureLatency(
  stream: StreamName,
  samples: readonly Sample[],
  partOf: PartOf,
): LatencyMeasurement[] {
  const collected = new Map<
    Part,
    { outcomes: Record<Outcome, number>; latency: number[]; service: number[] }
  >(parts.map((part) => [part, { outcomes: { ok: 0, failed: 0, unknown: 0 }, latency: [], service: [] }]));
  for (const { intendedUs, startUs, endUs, outcome } of samples) {
    const part = partOf(intendedUs);
    const own = part === null ? undefined : collected.get(part);
    if (own === undefined) continue;
    own.outcomes[outcome]++;
    if (outcome !== "ok") continue;
    own.latency.push(endUs - intendedUs);
    own.service.push(endUs - startUs);
  }
  return [...collected].flatMap(([part, { outcomes, latency, service }]) => {
    const total = outcomes.ok + outcomes.failed + outcomes.unknown;
    if (total === 0) return [];
    return [
      {
        stream,
        part,
        n: outcomes.ok,
        outcomes,
        latencyMs: percentilesMs(latency),
        serviceTimeMs: percentilesMs(service),
      },
    ];
  });
}

function percentilesMs(micros: readonly number[]): { p50: Figure; p95: Figure; p99: Figure; max: Figure } {
  const sorted = Float64Array.from(micros).sort();
  const toMs = 1 / 1000;
  return {
    p50: percentile(sorted, 50, toMs),
    p95: percentile(sorted, 95, toMs),
    p99: percentile(sorted, 99, toMs),
    max: largest(sorted, toMs),
  };
}
