import { invariantsInOneLine } from "./invariants-in-one-line.ts";
import { lostInOneLine } from "./lost-in-one-line.ts";
import { harmlessPrimariesInWords, splitBrainInWords } from "./primaries-in-words.ts";
import type { Run } from "./run.ts";

/**
 * What became of the data: what was lost in a run of faults, whether invariants hold after a benchmark; and whether
 * there were two primaries.
 */
export function dataInOneLine(run: Run): string {
  const data = run.recording.plan.benchmark === null ? lostInOneLine(run) : invariantsInOneLine(run);
  return [splitBrainInWords(run), data, harmlessPrimariesInWords(run)]
    .filter((line) => line !== "")
    .join(" ");
}
