import type { LedgerMeasurement } from "./measurement.ts";
import type { GroupPrimaries, SecondAcknowledgements } from "./primaries.ts";

/** What the checks found in a recorded history. */
export interface SafetyChecks {
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
}
