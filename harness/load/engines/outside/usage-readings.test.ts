import { expect, it } from "vitest";
import { UsageReadings } from "./usage-readings.ts";

const SECOND = 1_000_000;

it("what was used in a stretch of time is read from the readings nearest to its ends", () => {
  const readings = new UsageReadings(0);
  readings.add({ atUs: 0, cpuSeconds: 1, memoryMb: 8 });
  readings.add({ atUs: 1.25 * SECOND, cpuSeconds: 1.625, memoryMb: 9 });
  readings.add({ atUs: 2 * SECOND, cpuSeconds: 2.375, memoryMb: 0 });
  expect(readings.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0.5, memoryMb: 9 });
  expect(readings.within({ fromUs: SECOND, toUs: 2 * SECOND })).toEqual({ cpuCores: 1, memoryMb: 9 });
});

it("nothing is known without two readings", () => {
  const readings = new UsageReadings(0);
  expect(readings.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0, memoryMb: 0 });
  readings.add({ atUs: 0, cpuSeconds: 1, memoryMb: 8 });
  expect(readings.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0, memoryMb: 8 });
});
