import type { TargetVerdict, Verdict, VerdictOutcome } from "../model/verdict.ts";
import { builtInTargets } from "./built-in-targets.ts";
import type { Judged } from "./judged.ts";
import { judgeTarget } from "./judge-target.ts";

/**
 * Judges every target of the plan, and those that go without saying; the worst outcome is the verdict's. A run without
 * targets promises nothing: unknown.
 */
export function judge(judged: Judged): Verdict {
  const promised = [...judged.plan.targets, ...builtInTargets(judged)];
  const targets = promised.map((target) => judgeTarget(target, judged));
  const outcome = worstOf(targets.map((target) => target.outcome));
  return { outcome, sentence: summarise(outcome, targets), targets };
}

/** Worst wins: fail, then unknown, then pass. */
function worstOf(outcomes: readonly VerdictOutcome[]): VerdictOutcome {
  if (outcomes.includes("fail")) return "fail";
  return outcomes.length === 0 || outcomes.includes("unknown") ? "unknown" : "pass";
}

function summarise(outcome: VerdictOutcome, targets: readonly TargetVerdict[]): string {
  if (targets.length === 0) return "The scenario has no targets: there is nothing to judge.";
  if (outcome === "pass") {
    return targets.length === 1
      ? `The target was met: ${targets[0]?.target.title}.`
      : `All ${targets.length} targets were met.`;
  }
  const decisive = targets.filter((target) => target.outcome === outcome);
  const word = outcome === "fail" ? "missed" : "not decided";
  const of = `${decisive.length} of ${targets.length} ${targets.length === 1 ? "target" : "targets"}`;
  const count = `${of} ${decisive.length === 1 ? "was" : "were"} ${word}`;
  return `${count} (${decisive.map(({ target }) => target.id).join(", ")}): ${decisive[0]?.sentence}`;
}
