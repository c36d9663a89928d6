import type { Clock } from "./model/clock.ts";
import type { Progress } from "./model/progress.ts";

/** What surrounds a run, and is not part of what is run. */
export interface RunContext {
  /** Folder that holds all runs, such as `runs`. */
  readonly runsDirectory: string;
  /** Aborted with an InterruptedError on SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly clock: Clock;
  /** Leaves the cluster running after the run. */
  readonly keep: boolean;
}
