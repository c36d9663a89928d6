import type { Measurements } from "../harness/model/measurement.ts";
import type { Recording } from "../harness/model/recording.ts";
import type { Verdict } from "../harness/model/verdict.ts";
import type { Workload } from "../harness/model/workload.ts";

/** All that a report is made from. */
export interface Run {
  readonly recording: Recording;
  readonly measurements: Measurements;
  readonly verdict: Verdict;
  /** Of a benchmark: its workload with the plan's parameters; null where this dpg-bench does not know it. */
  readonly workload?: Workload | null;
}
