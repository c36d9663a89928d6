import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { countOperations, noOperations } from "./count-operations.ts";

const window = { faultAtUs: 1000, windowEndUs: 2000 };
const failed = { outcome: "failed", code: "57P01" } as const;

test("operations count by outcome, and those that did not end ok may be late as well", () => {
  const streams = [
    [sample({}), sample(failed), sample({ ...failed, startUs: 1500 })],
    [sample({ outcome: "unknown", code: "CLIENT_TIMEOUT" }), sample({ startUs: 1500 })],
  ];
  expect(count(...streams)).toEqual({ failed: 2, unknown: 1, late: 2, neverSent: 0 });
});

test("one interval of the probe late is not late yet", () => {
  expect(count([sample({ startUs: 1200 })]).late).toBe(0);
  expect(count([sample({ startUs: 1201 })]).late).toBe(1);
});

test("what was due before the fault counts when it ended after it, and what was due at the window's end does not", () => {
  const of = (intendedUs: number, endUs: number) =>
    count([sample({ ...failed, intendedUs, startUs: intendedUs, endUs })]).failed;
  expect([of(900, 1000), of(900, 1001), of(1999, 3000), of(2000, 3000)]).toEqual([0, 1, 1, 0]);
});

test("those that the client itself did not send are told apart", () => {
  expect(count([sample({ outcome: "failed", code: "NEVER_SENT" }), sample(failed)])).toEqual({
    failed: 2,
    unknown: 0,
    late: 0,
    neverSent: 1,
  });
});

/** Of a probe with 200 µs between its operations. */
function count(...streams: readonly (readonly Sample[])[]) {
  return countOperations(streams, [window], 200)[0] ?? noOperations;
}

function sample(changes: Partial<Sample>): Sample {
  return { id: 1, intendedUs: 1000, startUs: 1000, endUs: 1600, outcome: "ok", code: null, ...changes };
}
