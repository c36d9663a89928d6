import type { Micros } from "./clock.ts";
import type { LedgerMeasurement } from "./measurement.ts";

/** A stretch during which more than one member of a group was writable. */
export interface TwoPrimaries {
  readonly group: string;
  readonly members: readonly string[];
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/** What the checks found in a recorded history. */
export interface SafetyChecks {
  /** Per ledger reading after an injection: what that injection's window lost. Keyed by injection, then stream. */
  readonly byInjection: readonly {
    readonly injection: number;
    readonly ledgers: readonly LedgerMeasurement[];
  }[];
  /** Over the whole run, by the last reading of each stream. */
  readonly whole: readonly LedgerMeasurement[];
  readonly twoPrimaries: readonly TwoPrimaries[];
}
