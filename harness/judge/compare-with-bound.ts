import type { Figure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import type { VerdictOutcome } from "../model/verdict.ts";
import { highestOf, lowestOf } from "../stats/figures.ts";

/**
 * One figure against a bound. Of a figure that is known within bounds only, all that it may be must keep the target for a
 * pass, and all must miss it for a fail; else it is unknown. So "at least 12 s" is not below 10 s, "at least 4 s" says
 * nothing of it yet, and 1 to 12 s neither.
 */
export function compareWithBound(figure: Figure, bound: Target["bound"]): VerdictOutcome {
  if (figure.kind === "withheld") return "unknown";
  const keptAtLeast = keeps(lowestOf(figure), bound);
  const keptAtMost = keeps(highestOf(figure), bound);
  if (keptAtLeast !== keptAtMost) return "unknown";
  return keptAtLeast ? "pass" : "fail";
}

export function keeps(value: number, bound: Target["bound"]): boolean {
  if ("below" in bound) return value < bound.below;
  if ("atMost" in bound) return value <= bound.atMost;
  return value >= bound.atLeast;
}
