import type { VerdictOutcome } from "../model/verdict.ts";

/** A run's verdict as an exit code. The others (64, 69, 70, 130) are the errors' own. */
export const exitCodeOf: Readonly<Record<VerdictOutcome, number>> = { pass: 0, fail: 1, unknown: 2 };

/** Of several runs: failed before unknown before passed. */
export function worstExitCode(outcomes: readonly VerdictOutcome[]): number {
  if (outcomes.includes("fail")) return exitCodeOf.fail;
  return outcomes.includes("unknown") ? exitCodeOf.unknown : exitCodeOf.pass;
}
