import type { Figure, LatencyFigures, LatencyMeasurement } from "../model/measurement.ts";
import { neverSentCode, type Outcome, type Sample, type StreamDescription } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";
import { CountedTimes } from "../stats/counted-times.ts";
import {
  longestOfDue,
  percentileOfDue,
  percentileOfOk,
  type RankedOperations,
  rankTimes,
} from "../stats/ranked-operations.ts";
import type { PartOf } from "./parts-of-run.ts";
import { withoutLateness } from "./without-lateness.ts";

type Part = LatencyMeasurement["part"];

const parts: readonly Part[] = ["warmup", "before", "during", "after"];

/**
 * Latency and service time of one stream in each part of the run. An operation that failed in an outage was not served, and
 * ranks last like any other: what users met in that part is what is asked.
 */
export function measureLatency(
  { name, timeoutMs }: Pick<StreamDescription, "name" | "timeoutMs">,
  samples: Iterable<Sample>,
  partOf: PartOf,
): LatencyMeasurement[] {
  const collected = new Map<Part, Collected>(
    parts.map((part) => [
      part,
      {
        outcomes: { ok: 0, failed: 0, unknown: 0 },
        neverSent: 0,
        latency: new CountedTimes(),
        service: new CountedTimes(),
      },
    ]),
  );
  tellEach(samples, {
    add: (_id, intendedUs, startUs, endUs, { outcome, code }) => {
      const part = partOf(intendedUs);
      const own = part === null ? undefined : collected.get(part);
      if (own === undefined) return;
      own.outcomes[outcome]++;
      if (code === neverSentCode) own.neverSent++;
      if (outcome !== "ok") return;
      own.latency.add(endUs - intendedUs);
      own.service.add(endUs - startUs);
    },
  });
  return [...collected].flatMap(([part, { outcomes, neverSent, latency, service }]) => {
    const notOk = outcomes.failed + outcomes.unknown;
    const n = outcomes.ok + notOk;
    if (n === 0) return [];
    const due = rankTimes(latency, { notOk, timeoutMs });
    // A probe begins its operation when it notices that it is due: its service time is its latency without lateness.
    const noticed = rankTimes(service, { notOk, timeoutMs });
    return [
      {
        stream: name,
        part,
        n,
        outcomes,
        latencyMs: { ...figures(percentileOfDue, due), max: longestOfDue(due) },
        withoutLatenessMs: withoutLateness(due, {
          noticed,
          late: 0,
          stalled: 0,
          cutShort: neverSent,
          mostMs: 0,
        }),
        serviceTimeMs: { ...figures(percentileOfOk, noticed), max: longestOfOk(noticed) },
      },
    ];
  });
}

interface Collected {
  readonly outcomes: Record<Outcome, number>;
  neverSent: number;
  /** Of those that ended ok. Microseconds. */
  readonly latency: CountedTimes;
  readonly service: CountedTimes;
}

function figures(
  at: (which: 50 | 95 | 99, ranked: RankedOperations) => Figure,
  ranked: RankedOperations,
): LatencyFigures {
  return { p50: at(50, ranked), p95: at(95, ranked), p99: at(99, ranked) };
}

function longestOfOk(ranked: RankedOperations): Figure {
  return ranked.ok === 0
    ? { kind: "withheld", reason: "no operation ended ok" }
    : longestOfDue({ ...ranked, notOk: 0 });
}
