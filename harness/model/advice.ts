/** What a fault does to a primary, as far as the length of a failover depends on it. */
export type FailureClass =
  /** Asked for: the old primary hands over. */
  | "planned"
  /** PostgreSQL dies, its Patroni lives and notices by itself. */
  | "process-crash"
  /** The whole node is gone at once: the lease must run out. */
  | "node-loss"
  /** The node stops answering without closing anything, and may come back. */
  | "node-pause"
  /** The node lives and is cut off from everybody. */
  | "network-isolation";

/** One addend of a predicted band. Seconds. */
export interface BandTerm {
  readonly name: string;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  /** How it was computed, with the setting's values, and where the rule stands. */
  readonly because: string;
}

/** Predicted unavailability for writes for one fault, from the configuration alone. */
export interface PredictedBand {
  readonly fault: string;
  readonly failureClass: FailureClass;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly terms: readonly BandTerm[];
}

/** Something that a configuration's author believes and that is not so: found before anything starts. */
export interface Finding {
  /** `D1`..., as the documentation of the checks lists them. */
  readonly id: string;
  readonly severity: "impossible" | "risk" | "note";
  readonly title: string;
  /** What is claimed, and where. */
  readonly claim: string;
  /** What is true with this configuration, with its values. */
  readonly truth: string;
  /** What to change. */
  readonly mend: string;
  /** Where the fact comes from: manual, source, version. */
  readonly source: string;
}

/** Patroni raises settings below its floors; these are the values it will really run with. Seconds. */
export interface EffectiveTiming {
  readonly ttl: number;
  readonly loopWait: number;
  readonly retryTimeout: number;
  /** One line per setting that Patroni will change. */
  readonly adjusted: readonly string[];
}

/** What can be said of a topology before it runs. */
export interface Advice {
  readonly timing: EffectiveTiming | null;
  readonly bands: readonly PredictedBand[];
  readonly findings: readonly Finding[];
}
