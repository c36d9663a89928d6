import type { RunComparison } from "../harness/model/comparison.ts";
import type { Run } from "./run.ts";

/** A run as a comparison shows it. */
export interface NamedRun extends Run {
  /** What tells it from the others: its engine where engines differ, else a letter. */
  readonly name: string;
  readonly directory: string;
}

/** All that a comparison is rendered from. */
export interface Comparison {
  /** At least two; the first is what the others are compared with. */
  readonly runs: readonly NamedRun[];
  readonly compared: RunComparison;
}
