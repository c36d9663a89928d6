import type { Figure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import type { VerdictOutcome } from "../model/verdict.ts";

/**
 * One figure against a bound. A censored figure ("at least") that is already beyond an upper bound fails it, and below
 * the bound says nothing yet; against a lower bound it passes once it is there.
 */
export function compareWithBound(figure: Figure, bound: Target["bound"]): VerdictOutcome {
  if (figure.kind === "withheld") return "unknown";
  const kept = keeps(figure.value, bound);
  if (figure.kind === "value") return kept ? "pass" : "fail";
  if ("atLeast" in bound) return kept ? "pass" : "unknown";
  return kept ? "unknown" : "fail";
}

function keeps(value: number, bound: Target["bound"]): boolean {
  if ("below" in bound) return value < bound.below;
  if ("atMost" in bound) return value <= bound.atMost;
  return value >= bound.atLeast;
}
