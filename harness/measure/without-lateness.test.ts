import { expect, test } from "vitest";
import { CountedTimes } from "../stats/counted-times.ts";
import { rankTimes } from "../stats/ranked-operations.ts";
import { withoutLateness, withoutStalls } from "./without-lateness.ts";

const rest = { notOk: 0, timeoutMs: 1000 };
const onTime = { noticed: null, late: 0, stalled: 0, cutShort: 0, mostMs: 0 };

/** 9,890 answered in 1 ms; 90 that were due in a stall of the client of 40 ms; 20 that were slow in the cluster. */
const latency = ranked(times(9890, 1), times(90, 41), times(20, 50));
const noticed = ranked(times(9980, 1), times(20, 50));

test("90 operations in a client's stall and 20 that were slow are 20 without the stall: their p99 is 1 ms", () => {
  const without = withoutLateness(latency, { ...onTime, noticed, late: 90, mostMs: 40 });
  expect(without).toEqual({ p50: value(1), p95: value(1), p99: value(1) });
});

test("where that was not recorded, any 90 may have been the late ones, and the others 1 ms late", () => {
  const without = withoutLateness(latency, { ...onTime, late: 90, mostMs: 40 });
  expect(without.p99).toEqual({ kind: "at-least", value: 0 });
  const slow = ranked(times(9700, 1), times(300, 50));
  expect(withoutLateness(slow, { ...onTime, late: 90, mostMs: 40 }).p99).toEqual({
    kind: "at-least",
    value: 49,
  });
});

test("and what was cut short may have been quick as well", () => {
  const slow = ranked(times(9700, 1), times(300, 50));
  const p99 = (cutShort: number) => withoutLateness(slow, { ...onTime, late: 150, cutShort, mostMs: 40 }).p99;
  expect(p99(0)).toEqual({ kind: "at-least", value: 49 });
  expect(p99(100)).toEqual({ kind: "at-least", value: 0 });
});

test("a client that was never late took nothing from it", () => {
  expect(withoutLateness(latency, onTime).p99).toEqual(value(41));
});

test("operations that were never sent for the client's lateness are not the cluster's", () => {
  const unsent = { ...latency, notOk: 200 };
  expect(withoutLateness(unsent, { ...onTime, noticed: { ...noticed, notOk: 200 } }).p99).toEqual({
    kind: "at-least",
    value: 1000,
  });
  expect(
    withoutLateness(unsent, { ...onTime, noticed: { ...noticed, notOk: 200 }, cutShort: 200 }).p99,
  ).toEqual({ kind: "at-least", value: 1 });
});

test("what was under way while the client stood still makes its latency without lateness a lower bound", () => {
  const without = withoutLateness(latency, { ...onTime, noticed, stalled: 4 });
  expect(without.p99).toEqual({ kind: "at-least", value: 1 });
});

test("a service time is at least that of the others, which the client read as they came", () => {
  const service = ranked(times(9890, 1), times(110, 5000));
  expect(withoutStalls(service, 0).p99).toEqual(value(5000));
  expect(withoutStalls(service, 16).p99).toEqual({ kind: "at-least", value: 1 });
  expect(withoutStalls(service, 9).p99).toEqual({ kind: "at-least", value: 5000 });
});

function ranked(...counted: readonly (readonly number[])[]) {
  return rankTimes(CountedTimes.from(counted.flat()), rest);
}

function times(count: number, ms: number): number[] {
  return Array.from({ length: count }, () => ms * 1000);
}

function value(ms: number) {
  return { kind: "value", value: ms };
}
