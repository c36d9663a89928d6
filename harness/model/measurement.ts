import type { Micros } from "./clock.ts";
import type { MetricName } from "./metric.ts";
import type { Outcome, StreamName } from "./sample.ts";

/** A measured figure, or the reason why there is none. Never a bare null. */
export type Figure =
  | { readonly kind: "value"; readonly value: number }
  /** Censored: it had not ended when the watching ended. */
  | { readonly kind: "at-least"; readonly value: number }
  | { readonly kind: "withheld"; readonly reason: string };

/** A distribution in few words. Percentiles are withheld where n does not allow them. */
export interface Distribution {
  readonly n: number;
  readonly min: Figure;
  readonly median: Figure;
  readonly p95: Figure;
  readonly max: Figure;
}

/** One stretch during which a probe's operations were not served. */
export interface Episode {
  /** Intended start of the first operation that was not served in time. */
  readonly fromUs: Micros;
  /** End of the first success that lasted; null when there was none before the watching ended. */
  readonly toUs: Micros | null;
}

/** The hops of one failover, in order, with the moment each was reached. */
export type HopName = "noticed" | "lease-gone" | "promoted" | "proxy-up" | "pooler" | "first-success";

export interface Hop {
  readonly hop: HopName;
  /** null when no observer saw it. */
  readonly atUs: Micros | null;
  /** Seconds since the hop before (or the fault). */
  readonly tookSeconds: Figure;
  /** Which event told, in one line: "haproxy: coordinator-1 DOWN in read_write". */
  readonly evidence: string;
}

/** All that was measured of one injection. */
export interface InjectionMeasurement {
  readonly injection: number;
  readonly fault: string;
  readonly victim: string;
  readonly loopPhase: number | null;
  readonly faultAtUs: Micros;
  /** Start of the next injection's waiting, or the end of load. */
  readonly windowEndUs: Micros;
  readonly writeUnavailabilitySeconds: Figure;
  readonly readUnavailabilitySeconds: Figure;
  readonly writeEpisodes: readonly Episode[];
  readonly readEpisodes: readonly Episode[];
  readonly hops: readonly Hop[];
  readonly timeToFullRedundancySeconds: Figure;
  readonly newPrimary: string | null;
  readonly operationsFailed: number;
  readonly operationsUnknown: number;
  readonly operationsLate: number;
  readonly lostWrites: Figure;
  readonly failedButPresent: Figure;
  readonly twoPrimariesMs: Figure;
  /** Other members of the same group that were writable at the same time, for the report. */
  readonly twoPrimaries: readonly {
    readonly group: string;
    readonly members: readonly string[];
    readonly fromUs: Micros;
    readonly toUs: Micros;
  }[];
}

/** Figures of one kind of fault over its injections. */
export interface FaultSummary {
  readonly fault: string;
  readonly writeUnavailabilitySeconds: Distribution;
  readonly readUnavailabilitySeconds: Distribution;
  readonly timeToFullRedundancySeconds: Distribution;
  readonly hopMedianSeconds: Readonly<Record<HopName, Figure>>;
  readonly lostWrites: Figure;
}

/** Latency of one stream in one part of the run: `before` (steady), `during` (fault to recovery), `after` (recovery phase). */
export interface LatencyMeasurement {
  readonly stream: StreamName;
  readonly part: "warmup" | "before" | "during" | "after";
  readonly n: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly latencyMs: {
    readonly p50: Figure;
    readonly p95: Figure;
    readonly p99: Figure;
    readonly max: Figure;
  };
  readonly serviceTimeMs: {
    readonly p50: Figure;
    readonly p95: Figure;
    readonly p99: Figure;
    readonly max: Figure;
  };
}

/** What became of one stream's writes, by its ledger. */
export interface LedgerMeasurement {
  readonly stream: StreamName;
  readonly table: string;
  readonly acknowledged: number;
  readonly acknowledgedMissing: Figure;
  /** Ids of missing rows, at most the first 100. */
  readonly missingIds: readonly number[];
  readonly failed: number;
  readonly failedButPresent: Figure;
  readonly unknown: number;
  readonly unknownButPresent: Figure;
}

/** A single named figure: what targets are judged by. One entry per injection, stream and phase, or run, as the metric has it. */
export interface NamedFigure {
  readonly metric: MetricName;
  /** Where it belongs: "crash-postgres, injection 4", "write-probe, before". */
  readonly of: string;
  readonly fault: string | null;
  readonly figure: Figure;
  /** Samples that stand behind it. */
  readonly n: number;
}

/** measurements.json: everything derived from one recording. */
export interface Measurements {
  readonly injections: readonly InjectionMeasurement[];
  readonly faults: readonly FaultSummary[];
  readonly latency: readonly LatencyMeasurement[];
  readonly ledgers: readonly LedgerMeasurement[];
  readonly scheduleLagMs: {
    readonly n: number;
    readonly p50: Figure;
    readonly p99: Figure;
    readonly max: Figure;
  };
  /** The flat list that targets are judged by. */
  readonly figures: readonly NamedFigure[];
  /** What was not measured, or only in part, and why; shown in the report. */
  readonly gaps: readonly string[];
}
