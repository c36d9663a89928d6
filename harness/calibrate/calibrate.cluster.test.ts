import { beforeAll, expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import { systemClock } from "../system-clock.ts";
import { calibrate, type CalibratedPercentile, type Calibration } from "./calibrate.ts";
import type { KnownCase } from "./known-delays.ts";

const fixed: KnownCase = {
  title: "fixed",
  delay: { kind: "fixed", delayMs: 10 },
  load: { ratePerSecond: 400, connections: 16, seconds: 3, warmupSeconds: 1 },
};
const bimodal: KnownCase = {
  title: "bimodal",
  delay: { kind: "bimodal", fastMs: 5, slowMs: 60, slowEvery: 10 },
  load: { ratePerSecond: 400, connections: 32, seconds: 3, warmupSeconds: 1 },
};
/** In the middle of what counts: 0.4 of 4 s, a tenth. */
const stall: KnownCase = {
  title: "stall",
  delay: { kind: "stall", delayMs: 2, everyMs: 60_000, afterMs: 3000, stallMs: 400 },
  load: { ratePerSecond: 500, connections: 8, seconds: 4, warmupSeconds: 1 },
};

let calibration: Calibration;

// Beside the cluster tests because it wants the processors to itself, not because it needs Docker.
beforeAll(async () => {
  const options = { clock: systemClock(), signal: AbortSignal.timeout(120_000), onStep: () => undefined };
  calibration = await calibrate({ ...options, cases: [fixed, bimodal, stall] });
});

test("every operation of every case is answered and counted", () => {
  expect(calibration.cases.map(({ operations }) => operations)).toEqual([1200, 1200, 2000]);
});

test("no percentile is shorter than what is known, nor its median far longer than what the stub really took", () => {
  for (const { percentiles } of calibration.cases.slice(0, 2)) {
    for (const one of percentiles) {
      expect(valueOf(one.latencyMs)).toBeGreaterThan(0.98 * one.expectedLatencyMs);
      expect(valueOf(one.serviceTimeMs)).toBeGreaterThan(0.98 * one.expectedServiceTimeMs);
    }
    const median = percentiles[0]!;
    expect(valueOf(median.serviceTimeMs) - median.givenMs).toBeLessThan(5);
  }
});

test("one slow answer in ten is in p95 and not in the median", () => {
  const { p50, p95 } = byName(calibration.cases[1]!.percentiles);
  expect(valueOf(p50!.latencyMs)).toBeLessThan(50);
  expect(valueOf(p95!.latencyMs)).toBeGreaterThan(58);
});

test("a stall of the server shows in latency from the intended start, and hardly in service time", () => {
  const { p95, p99 } = byName(calibration.cases[2]!.percentiles);
  expect(valueOf(p95!.latencyMs)).toBeGreaterThan(0.9 * p95!.expectedLatencyMs);
  expect(valueOf(p99!.latencyMs)).toBeGreaterThan(0.9 * p99!.expectedLatencyMs);
  expect(valueOf(p95!.serviceTimeMs)).toBeLessThan(0.5 * valueOf(p95!.latencyMs));
});

test("each pacing mode's lag is told, with the timer and the engine's own cost", () => {
  expect(calibration.pacing.map(({ pacing }) => pacing)).toEqual(["sleep", "nap", "spin"]);
  for (const { lagMs } of calibration.pacing) expect(lagMs.p99.kind).toBe("value");
  expect(calibration.engine.timerResolutionNs).toBeGreaterThan(0);
  expect(calibration.engine.timer).toContain("CLOCK_MONOTONIC");
});

function byName(percentiles: readonly CalibratedPercentile[]): Record<string, CalibratedPercentile> {
  return Object.fromEntries(percentiles.map((one) => [one.percentile, one]));
}

function valueOf(figure: Figure): number {
  if (figure.kind !== "value") throw new Error(`Expected a value, got ${JSON.stringify(figure)}`);
  return figure.value;
}
