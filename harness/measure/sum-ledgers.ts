import type { Figure, LedgerMeasurement } from "../model/measurement.ts";
import { knownFigures, lowestOf, sumOfFigures } from "../stats/figures.ts";

/**
 * The sum of one count over ledgers. A ledger that was not read makes it "at least" when something was found in the
 * others, and withheld when nothing was: no finding in part of the ledgers is not a clean bill.
 */
export function sumLedgers(
  ledgers: readonly LedgerMeasurement[],
  count: "acknowledgedMissing" | "failedButPresent",
  expected: number,
): Figure {
  const figures = knownFigures(ledgers.map((ledger) => ledger[count]));
  const sum = sumOfFigures(figures);
  const value = lowestOf(sum);
  if (expected > 0 && figures.length >= expected) return sum;
  if (value > 0) return { kind: "at-least", value };
  if (expected === 0) return { kind: "withheld", reason: "no stream keeps a ledger" };
  return { kind: "withheld", reason: `${expected - figures.length} of ${expected} ledgers were not read` };
}
