import type { Micros } from "../model/clock.ts";
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

/**
 * How much time the lost writes are of, over ledgers of which `lostWrites` is the sum: from the acknowledgement of the
 * first of them to the fault, or to the acknowledgement of the last where that came later. Seconds.
 */
export function timeOfLost(
  ledgers: readonly LedgerMeasurement[],
  lostWrites: Figure,
  faultAtUs: Micros,
): Figure {
  if (lostWrites.kind === "withheld") return lostWrites;
  const micros = ledgers.map(({ lost }) =>
    lost === undefined ? 0 : Math.max(faultAtUs, lost.toUs) - lost.fromUs,
  );
  const value = Math.max(0, ...micros) / 1e6;
  return lostWrites.kind === "value" ? { kind: "value", value } : { kind: "at-least", value };
}
