import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";

/** What a comparison needs of a run. */
export interface ComparedRun {
  readonly recording: Recording;
  readonly measurements: Measurements;
}
