import type { ChartData } from "./chart-data.ts";

/** What a run's page hands to its script: what there is of it. */
export interface RunData {
  readonly kind: "run";
  readonly faults: ChartData | null;
  readonly benchmark: BenchmarkData | null;
}

/** Of the stages of a benchmark: times in seconds since the recording began, latencies in milliseconds. */
export interface BenchmarkData {
  readonly load: LoadData;
  readonly percentiles: readonly PercentileData[];
  readonly timeline: StageTimelineData;
  readonly resources: ResourceData;
  readonly waits: WaitData;
}

/** What a comparison's page hands to its script. */
export interface ComparisonData {
  readonly kind: "comparison";
  readonly load: LoadData;
}

/** Latency over the rate that was offered. */
export interface LoadData {
  /** One per variant, or per run of a comparison. */
  readonly groups: readonly {
    readonly name: string;
    readonly points: readonly LoadPoint[];
    /** The capacity that was found, op/s: at least `low`, less than `high` (null: no rate was refused); null: none. */
    readonly capacity: { readonly low: number; readonly high: number | null } | null;
  }[];
  /** Bounds on latency that targets name. */
  readonly targets: readonly {
    readonly label: string;
    readonly ms: number;
    readonly percentile: (typeof PERCENTILES)[number];
  }[];
}

export const PERCENTILES = ["p50", "p95", "p99"] as const;

export interface LoadPoint {
  readonly title: string;
  /** A closed shape has no rate of its own: it stands at its throughput, and no line goes through it. */
  readonly closed: boolean;
  readonly offered: number;
  readonly throughput: number;
  /** Withheld ones are null. */
  readonly latencyMs: Readonly<Record<(typeof PERCENTILES)[number], number | null>>;
  /** Why its figures are not to be judged by; null when they are. */
  readonly doubt: string | null;
}

/** The distribution of one stage: milliseconds at the shares of `PERCENTILE_SHARES`, as far as the sample allows. */
export interface PercentileData {
  readonly title: string;
  readonly n: number;
  readonly latency: readonly number[];
  readonly serviceTime: readonly number[];
  readonly lag: readonly number[];
}

/** Shares of operations for which the distribution is drawn: ten per factor of ten of what lies above. */
export const PERCENTILE_SHARES: readonly number[] = Array.from(
  { length: 51 },
  (_, step) => 1 - 10 ** (-step / 10),
);

export interface StageTimelineData {
  readonly lengthSeconds: number;
  readonly stages: readonly {
    readonly title: string;
    readonly from: number;
    readonly to: number;
    readonly phases: readonly { readonly phase: string; readonly from: number; readonly to: number }[];
  }[];
  /** One point per second of a stage (wider in long runs), between points without values, so that no line joins stages. */
  readonly at: readonly number[];
  readonly ok: readonly (number | null)[];
  readonly failed: readonly (number | null)[];
  readonly unknown: readonly (number | null)[];
  readonly p50: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** Which percentile `upper` is: the deepest that the rates allow. */
  readonly upperName: string;
  readonly max: readonly (number | null)[];
  readonly checkpoints: readonly Checkpoint[];
}

export interface Checkpoint {
  readonly at: number;
  readonly member: string;
}

export interface ResourceData {
  /** Cores of the machine; null: not known. */
  readonly cores: number | null;
  readonly cpu: readonly TimeLine[];
  readonly waitingClients: readonly TimeLine[];
  /** Bytes per second. */
  readonly wal: readonly TimeLine[];
  readonly checkpoints: readonly Checkpoint[];
}

export interface TimeLine {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Mean number of client backends by what they waited for, per stage. */
export interface WaitData {
  readonly stages: readonly string[];
  readonly events: readonly { readonly name: string; readonly backends: readonly number[] }[];
}
