import { findingsInOneLine } from "./checks-in-words.ts";
import { invariantsInOneLine } from "./invariants-in-one-line.ts";
import { lostInOneLine } from "./lost-in-one-line.ts";
import { harmlessPrimariesInWords, splitBrainInWords } from "./primaries-in-words.ts";
import type { Run } from "./run.ts";

/**
 * What became of the data: what was lost in a run of faults, whether invariants hold after a benchmark, whether there
 * were two primaries, and what else checkers found.
 */
export function dataInOneLine(run: Run): string {
  const { load, benchmark } = run.recording.plan;
  const lost = load === null ? "" : lostInOneLine(run);
  const invariants = benchmark === null ? "" : invariantsInOneLine(run);
  return [splitBrainInWords(run), findingsInOneLine(run), lost, invariants, harmlessPrimariesInWords(run)]
    .filter((line) => line !== "")
    .join(" ");
}
