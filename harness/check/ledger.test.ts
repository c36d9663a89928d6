import { describe, expect, test } from "vitest";
import type { LedgerReading } from "../model/recording.ts";
import type { Outcome, Sample, StreamDescription } from "../model/sample.ts";
import { checkLedger, rangeOf } from "./ledger.ts";

const stream: StreamDescription = {
  name: "write-probe",
  kind: "write",
  ledgerTable: "dpg_ledger",
  ratePerSecond: 100,
  timeoutMs: 1000,
};

test("an acknowledged write that is missing is lost, and named", () => {
  const samples = [write(1, "ok"), write(2, "ok"), write(3, "ok")];
  const result = check(
    samples,
    reading(1000, [
      [1, 1],
      [3, 3],
    ]),
    null,
  );
  expect(result.acknowledged).toBe(3);
  expect(result.acknowledgedMissing).toEqual({ kind: "value", value: 1 });
  expect(result.missingIds).toEqual([2]);
});

test("a write that was acknowledged after the reading began is not judged by it", () => {
  const samples = [write(1, "ok"), write(2, "ok", 1000)];
  const result = check(samples, reading(1000, [[1, 1]]), null);
  expect(result.acknowledged).toBe(1);
  expect(result.acknowledgedMissing).toEqual({ kind: "value", value: 0 });
});

test("unknown writes may be present or absent, and neither is a loss", () => {
  const samples = [write(1, "unknown"), write(2, "unknown")];
  const result = check(samples, reading(1000, [[2, 2]]), null);
  expect(result.unknown).toBe(2);
  expect(result.unknownButPresent).toEqual({ kind: "value", value: 1 });
  expect(result.acknowledgedMissing).toEqual({ kind: "value", value: 0 });
});

test("a failed write that is present is counted apart", () => {
  const samples = [write(1, "failed"), write(2, "failed")];
  const result = check(samples, reading(1000, [[1, 1]]), null);
  expect(result.failed).toBe(2);
  expect(result.failedButPresent).toEqual({ kind: "value", value: 1 });
});

describe("between two readings", () => {
  test("a row that was missing before is not lost again", () => {
    const samples = [write(1, "ok", 100), write(2, "ok", 600)];
    const result = check(samples, reading(1000, [[2, 2]]), reading(500, []));
    expect(result.acknowledged).toBe(1);
    expect(result.acknowledgedMissing).toEqual({ kind: "value", value: 0 });
  });

  test("a row that was there before and is gone now is lost in this window", () => {
    const samples = [write(1, "ok", 100), write(2, "ok", 600)];
    const result = check(samples, reading(1000, [[2, 2]]), reading(500, [[1, 1]]));
    expect(result.missingIds).toEqual([1]);
  });
});

test("a window begins with what ended as the reading before was begun, and counts nothing that ended earlier", () => {
  const samples = [
    write(1, "ok", 500),
    write(2, "failed", 499),
    write(3, "unknown", 499),
    write(4, "failed", 500),
  ];
  const result = check(samples, reading(1000, [[1, 4]]), reading(500, []));
  expect(result).toMatchObject({ acknowledged: 1, failed: 1, unknown: 0 });
  expect(result.failedButPresent).toEqual({ kind: "value", value: 1 });
});

test("missing rows are named in the order of their ids, whenever they ended", () => {
  const samples = [write(10, "ok", 3), write(9, "ok", 1), write(11, "ok", 2)];
  expect(check(samples, reading(1000, []), null).missingIds).toEqual([9, 10, 11]);
});

test("without a reading nothing is said of losses", () => {
  const result = check([write(1, "ok")], null, null);
  expect(result.missingIds).toEqual([]);
  expect(result.acknowledged).toBe(1);
  expect(result.acknowledgedMissing).toEqual({ kind: "withheld", reason: "the ledger was not read" });
});

test("at most a hundred missing rows are named, and all are counted", () => {
  const samples = Array.from({ length: 250 }, (_, index) => write(index + 1, "ok"));
  const result = check(samples, reading(1000, []), null);
  expect(result.acknowledgedMissing).toEqual({ kind: "value", value: 250 });
  expect(result.missingIds).toHaveLength(100);
});

function write(id: number, outcome: Outcome, endUs = 10): Sample {
  return { id, intendedUs: 0, startUs: 0, endUs, outcome, code: null };
}

function reading(atUs: number, present: [number, number][]): LedgerReading {
  return { stream: "write-probe", table: "dpg_ledger", injection: 1, atUs, rows: 0, present };
}

function check(samples: readonly Sample[], at: LedgerReading | null, earlier: LedgerReading | null) {
  return checkLedger(stream, samples, [{ reading: at, earlier }])[0]!;
}
test("ranges include both their ends and nothing between them", () => {
  const ranges = [
    [1, 3],
    [7, 7],
    [10, 12],
  ] as const;
  const inside = Array.from({ length: 14 }, (_, id) => id).filter((id) => rangeOf(ranges, id) !== undefined);
  expect(inside).toEqual([1, 2, 3, 7, 10, 11, 12]);
});

test("an empty ledger holds nothing", () => {
  expect(rangeOf([], 1)).toBeUndefined();
});
