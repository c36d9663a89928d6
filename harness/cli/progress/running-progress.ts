import type { Progress } from "../../model/progress.ts";

/** Progress that is being shown, until it is closed. */
export interface RunningProgress extends Progress {
  /** Ends the current step. Nothing is shown after it resolves. */
  close(how: "done" | "failed"): Promise<void>;
}
