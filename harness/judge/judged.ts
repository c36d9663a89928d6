import type { Measurements } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RecordingEnd } from "../model/recording.ts";

/** What a verdict is made of. */
export interface Judged {
  readonly plan: RunPlan;
  readonly measurements: Measurements;
  readonly end: RecordingEnd;
}
