import { invariantsInOneLine } from "./invariants-in-one-line.ts";
import { lostInOneLine } from "./lost-in-one-line.ts";
import type { Run } from "./run.ts";

/** What became of the data: what was lost in a run of faults, whether invariants hold after a benchmark. */
export function dataInOneLine(run: Run): string {
  return run.recording.plan.benchmark === null ? lostInOneLine(run) : invariantsInOneLine(run);
}
