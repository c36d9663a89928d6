import type { CheckFinding, CheckResult, CopyMeasurement, LedgerMeasurement } from "./measurement.ts";
import type { MetricName } from "./metric.ts";
import type { GroupPrimaries, SecondAcknowledgements } from "./primaries.ts";
import type { Recording } from "./recording.ts";

/** What checkers look through: operations with their outcomes and times, what was read back of them, and the events. */
export type History = Pick<
  Recording,
  "plan" | "events" | "samples" | "stages" | "ledgers" | "invariants" | "exactAnswers" | "copyAnswers"
>;

/**
 * Looks for one thing that must not be in the history of a run. Pure. What it finds is in measurements.json, in reports,
 * and may be bounded by targets; what it does not decide makes a verdict unknown.
 */
export interface Checker {
  readonly name: string;
  /** In one sentence. */
  readonly looksFor: string;
  /** Of a run, in a few words; without it the checker is not applicable. */
  readonly needs: string;
  /**
   * The metric that its findings are figures of. `findings`: none of its own, and targets ask for them by the checker's
   * name. null: what it finds is cut by injection or variant first, and the figures are made where that is known.
   */
  readonly metric: MetricName | null;
  readonly check: (history: History) => Checked | NotApplicable;
}

export interface Checked {
  /** One for each thing that was looked at, also where nothing was found. None at all: not decided. */
  readonly findings: readonly CheckFinding[];
  /** What it could not look at, in whole sentences. Left out: one for each finding that is not decided. */
  readonly gaps?: readonly string[];
  /** What is measured by injection, and shown in tables of its own. */
  readonly details?: Partial<CheckDetails>;
}

export interface NotApplicable {
  /** Why, in a sentence without its full stop. */
  readonly notApplicable: string;
}

/** What some checkers tell beside their findings. */
export interface CheckDetails {
  /** Per ledger reading after an injection: what that injection's window lost. Keyed by injection, then stream. */
  readonly byInjection: readonly {
    readonly injection: number;
    readonly ledgers: readonly LedgerMeasurement[];
  }[];
  /** Per stream that was read at the end of the run: what was lost since the reading before that. */
  readonly sinceLastInjection: readonly LedgerMeasurement[];
  /** Over the whole run, by the last reading of each stream. */
  readonly whole: readonly LedgerMeasurement[];
  /** Of every group with more than one member. */
  readonly primaries: readonly GroupPrimaries[];
  /** null: no write probes. */
  readonly secondAcknowledgements: SecondAcknowledgements | null;
  /** Of every copy of a searched table, each time it was asked, in that order. */
  readonly copies: readonly CopyMeasurement[];
}

/** What the checkers found in a recorded history. */
export interface SafetyChecks extends CheckDetails {
  /** In the order of the catalogue. */
  readonly checks: readonly CheckResult[];
  readonly gaps: readonly string[];
}

/** Whether what a checker looks for was found. */
export function whatWasFound({
  figure,
}: Pick<CheckFinding, "figure">): "found" | "not found" | "not decided" {
  switch (figure.kind) {
    case "withheld":
      return "not decided";
    case "value":
      return figure.value > 0 ? "found" : "not found";
    case "at-least":
      return figure.value > 0 ? "found" : "not decided";
    case "between":
      return figure.low > 0 ? "found" : figure.high > 0 ? "not decided" : "not found";
  }
}
