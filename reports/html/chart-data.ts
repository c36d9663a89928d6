import type { HopName } from "../../harness/model/measurement.ts";

/** What the page of a run with faults hands to its script of them; everything in seconds since the recording began, or in milliseconds where named so. */
export interface ChartData {
  readonly lengthSeconds: number;
  readonly streams: readonly StreamData[];
  readonly bands: readonly FaultBand[];
  readonly marks: readonly Mark[];
  readonly distribution: DistributionData;
  readonly phases: PhaseData;
}

/** One stream of operations, by the moment at which each was due. */
export interface StreamData {
  readonly name: string;
  readonly fromSeconds: number;
  readonly outcomes: {
    readonly bucketSeconds: number;
    readonly ok: readonly number[];
    readonly failed: readonly number[];
    readonly unknown: readonly number[];
  };
  /** Of the served operations. Milliseconds; null where a bucket holds too few for the percentile. */
  readonly latencyMs: {
    readonly bucketSeconds: number;
    readonly p50: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
    /** Which percentile `upper` is: the deepest that the stream's rate allows. */
    readonly upperName: string;
    readonly max: readonly (number | null)[];
  };
}

export interface FaultBand {
  readonly injection: number;
  readonly fault: string;
  readonly victim: string;
  readonly from: number;
  /** Service lasted again; null when it never did. */
  readonly served: number | null;
  /** Full redundancy again, or the end of what was watched. */
  readonly to: number;
}

export const LANES = [
  "fault",
  "leader key",
  "PostgreSQL",
  "HAProxy read_write",
  "HAProxy read_only",
] as const;

/** One observed event on a lane under the time line. */
export interface Mark {
  readonly lane: (typeof LANES)[number];
  readonly at: number;
  readonly tone: "good" | "bad" | "neutral";
  readonly text: string;
}

export interface Dot {
  readonly injection: number;
  readonly seconds: number;
  /** Only a bound is known: it had not ended when the watching ended, or the client did not look all the time. */
  readonly atLeast: boolean;
  /** The upper bound, where there is one. */
  readonly atMost: number | null;
}

export interface DistributionData {
  readonly faults: readonly {
    readonly fault: string;
    readonly band: readonly [low: number, high: number] | null;
    readonly writes: readonly Dot[];
    readonly reads: readonly Dot[];
  }[];
  readonly targets: readonly { readonly label: string; readonly seconds: number }[];
}

export interface PhaseRow {
  readonly label: string;
  readonly hops: readonly {
    readonly seconds: number | null;
    /** It had not ended when the watching ended. */
    readonly atLeast: boolean;
    readonly evidence: string;
  }[];
}

export interface PhaseData {
  readonly hops: readonly { readonly name: HopName; readonly title: string }[];
  readonly injections: readonly PhaseRow[];
  readonly medians: readonly PhaseRow[];
}
