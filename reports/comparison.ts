import type { RunComparison } from "../harness/model/comparison.ts";
import type { Run } from "./run.ts";

/** A run as a comparison shows it. */
export interface NamedRun extends Run {
  /** Its side's name; with a number where the side has several runs. */
  readonly name: string;
  readonly directory: string;
}

/** Runs of one kind, that stand for one thing. */
export interface Side {
  /** What tells it from the others: its engine where engines differ, else a letter. */
  readonly name: string;
  /** At least one. */
  readonly runs: readonly NamedRun[];
}

/** All that a comparison is rendered from. */
export interface Comparison {
  /** At least two; the first is what the others are compared with. */
  readonly sides: readonly Side[];
  /** Of all sides, in order. */
  readonly runs: readonly NamedRun[];
  readonly compared: RunComparison;
}

/** "3 runs", "2 sides of 10 runs in all". */
export function countOfSides({ sides, runs }: Pick<Comparison, "sides" | "runs">): string {
  return sides.length === runs.length
    ? `${runs.length} runs`
    : `${sides.length} sides of ${runs.length} runs in all`;
}
