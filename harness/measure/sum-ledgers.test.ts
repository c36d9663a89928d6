import { expect, test } from "vitest";
import type { Figure, LedgerMeasurement } from "../model/measurement.ts";
import { sumLedgers } from "./sum-ledgers.ts";

test("one count is summed over all ledgers", () => {
  const ledgers = [ledger(value(2), value(10)), ledger(value(3), value(20))];
  expect(sumLedgers(ledgers, "acknowledgedMissing", 2)).toEqual(value(5));
  expect(sumLedgers(ledgers, "failedButPresent", 2)).toEqual(value(30));
});

test("with a ledger missing it is at least what was found, and nothing where nothing was found", () => {
  const missing = (...found: readonly Figure[]) =>
    sumLedgers(
      found.map((each) => ledger(each)),
      "acknowledgedMissing",
      2,
    );
  expect(missing(value(2))).toEqual({ kind: "at-least", value: 2 });
  expect(missing(value(0))).toEqual({ kind: "withheld", reason: "1 of 2 ledgers were not read" });
  const unread: Figure = { kind: "withheld", reason: "it could not be read" };
  expect(missing(value(0), unread)).toEqual({ kind: "withheld", reason: "1 of 2 ledgers were not read" });
  expect(missing(value(0), value(0))).toEqual(value(0));
});

test("where no stream keeps a ledger there is nothing to judge by", () => {
  expect(sumLedgers([], "acknowledgedMissing", 0)).toEqual({
    kind: "withheld",
    reason: "no stream keeps a ledger",
  });
});

function ledger(acknowledgedMissing: Figure, failedButPresent: Figure = value(0)): LedgerMeasurement {
  return {
    stream: "write-probe",
    table: "dpg_ledger",
    acknowledged: 100,
    acknowledgedMissing,
    missingIds: [],
    failed: 0,
    failedButPresent,
    unknown: 0,
    unknownButPresent: value(0),
  };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
