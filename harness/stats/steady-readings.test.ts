import { expect, test } from "vitest";
import { steadyReadings } from "./steady-readings.ts";

const seconds = (["warmup", "steady", "steady", "cool-down"] as const).map((phase, index) => ({
  phase,
  fromUs: index * 1e6,
  toUs: (index + 1) * 1e6,
}));

test("a reading speaks of the second before it: that at the end of the steady phase counts, that at its beginning does not", () => {
  const readings = [0.5e6, 1e6, 1e6 + 1, 2e6, 3e6, 3e6 + 1].map((atUs) => ({ atUs }));
  expect(steadyReadings(readings, { seconds }).map(({ atUs }) => atUs)).toEqual([1e6 + 1, 2e6, 3e6]);
});

test("without a steady second there is no steady reading", () => {
  expect(steadyReadings([{ atUs: 1e6 }], { seconds: [] })).toEqual([]);
});
