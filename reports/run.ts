import type { Measurements } from "../harness/model/measurement.ts";
import type { Recording } from "../harness/model/recording.ts";
import type { Verdict } from "../harness/model/verdict.ts";

/** All that a report is made from. */
export interface Run {
  readonly recording: Recording;
  readonly measurements: Measurements;
  readonly verdict: Verdict;
}
