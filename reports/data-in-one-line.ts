import { invariantsInOneLine } from "./invariants-in-one-line.ts";
import { lostInOneLine } from "./lost-in-one-line.ts";
import { harmlessPrimariesInWords, splitBrainInWords } from "./primaries-in-words.ts";
import type { Run } from "./run.ts";

/**
 * What became of the data: what was lost in a run of faults, whether invariants hold after a benchmark; and whether
 * there were two primaries.
 */
export function dataInOneLine(run: Run): string {
  const { load, benchmark } = run.recording.plan;
  const lost = load === null ? "" : lostInOneLine(run);
  const invariants = benchmark === null ? "" : invariantsInOneLine(run);
  return [splitBrainInWords(run), lost, invariants, harmlessPrimariesInWords(run)]
    .filter((line) => line !== "")
    .join(" ");
}
