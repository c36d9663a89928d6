import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { measureScheduleLag } from "./measure-schedule-lag.ts";

test("lag is how late operations were started, over all probes together", () => {
  const one = Array.from({ length: 60 }, (_, index) => sample(index * 10_000, 2000));
  const other = Array.from({ length: 40 }, (_, index) => sample(index * 10_000, index === 0 ? 9000 : 500));
  expect(measureScheduleLag([one, other])).toEqual({
    n: 100,
    p50: { kind: "value", value: 2 },
    p99: { kind: "withheld", reason: "p99 needs 1000 samples, there are 100" },
    max: { kind: "value", value: 9 },
  });
});

test("an operation that was started early is on time", () => {
  expect(measureScheduleLag([[sample(10_000, -3)]]).max).toEqual({ kind: "value", value: 0 });
});

function sample(intendedUs: number, lateUs: number): Sample {
  const startUs = intendedUs + lateUs;
  return { id: 1, intendedUs, startUs, endUs: startUs + 1000, outcome: "ok", code: null };
}
