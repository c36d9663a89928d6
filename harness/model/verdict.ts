import type { NamedFigure } from "./measurement.ts";
import type { Target } from "./target.ts";

/** Worst wins: fail, then unknown, then pass. Missing or too little data is `unknown`, never `pass`. */
export type VerdictOutcome = "pass" | "fail" | "unknown";

export interface TargetVerdict {
  readonly target: Target;
  readonly outcome: VerdictOutcome;
  /** One sentence of why, with the figures. */
  readonly sentence: string;
  /** The figures it was judged by, worst first. */
  readonly evidence: readonly NamedFigure[];
  /** Is there a finding or a predicted band that says this could not have been kept? One sentence, or null. */
  readonly foreseen: string | null;
}

/** verdict.json. */
export interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly sentence: string;
  readonly targets: readonly TargetVerdict[];
}
