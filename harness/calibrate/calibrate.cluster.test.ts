import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../support/system-clock.ts";
import { calibrate, type Calibration } from "./calibrate.ts";
import type { CalibratedFigure } from "./judge-pairs.ts";
import type { KnownCase } from "./known-delays.ts";

const fixed: KnownCase = {
  title: "fixed",
  delay: { kind: "fixed", delayMs: 10 },
  load: { ratePerSecond: 400, connections: 16, seconds: 3, warmupSeconds: 1, windows: 3 },
};
const bimodal: KnownCase = {
  title: "bimodal",
  delay: { kind: "bimodal", fastMs: 5, slowMs: 60, slowEvery: 10 },
  load: { ratePerSecond: 400, connections: 32, seconds: 3, warmupSeconds: 1, windows: 3 },
};
/** In the middle of what counts: 0.4 of 4 s, a tenth. */
const stall: KnownCase = {
  title: "stall",
  delay: { kind: "stall", delayMs: 2, everyMs: 60_000, afterMs: 3000, stallMs: 400 },
  load: { ratePerSecond: 500, connections: 8, seconds: 4, warmupSeconds: 1, windows: 1 },
};

let calibration: Calibration;

// Beside the cluster tests because it wants the processors to itself, not because it needs Docker.
beforeAll(async () => {
  const options = { clock: systemClock(), signal: AbortSignal.timeout(120_000), onStep: () => undefined };
  calibration = await calibrate({ ...options, cases: [fixed, bimodal, stall] });
});

test("every operation of every case is paired with the server's own times of it, and none is impossible", () => {
  expect(calibration.cases.map(({ operations }) => operations)).toEqual([1200, 1200, 2000]);
  expect(calibration.cases.flatMap(({ impossible }) => impossible)).toEqual([]);
});

test("no percentile is shorter than what the server gave", () => {
  for (const { figures } of calibration.cases) {
    for (const { time, excessMs } of figures) {
      if (time !== "schedule lag") expect(excessMs).toBeGreaterThanOrEqual(-0.01);
    }
  }
});

test("one slow answer in ten is in p95 and not in the median", () => {
  const latency = byName(calibration.cases[1]!.figures);
  expect(latency["latency p50"]!.measuredMs).toBeLessThan(50);
  expect(latency["latency p95"]!.measuredMs).toBeGreaterThan(58);
});

test("a stall of the server shows in latency from the intended start and in the lag, and hardly in service time", () => {
  const figures = byName(calibration.cases[2]!.figures);
  for (const name of ["latency p95", "latency p99", "schedule lag p95"]) {
    expect(figures[name]!.measuredMs).toBeGreaterThan(0.9 * figures[name]!.askedMs);
  }
  expect(figures["service time p95"]!.measuredMs).toBeLessThan(0.5 * figures["latency p95"]!.measuredMs);
});

test("the sender's lag is told beside the control's, with the timer and the engine's own cost", () => {
  const { lagMs, controlMs } = calibration.punctuality;
  expect(lagMs.p99.kind).toBe("value");
  expect(controlMs!.p99).toBeGreaterThan(0);
  expect(calibration.engine.timerResolutionNs).toBeGreaterThan(0);
  expect(calibration.engine.timer).toContain("CLOCK_MONOTONIC");
});

function byName(figures: readonly CalibratedFigure[]): Record<string, CalibratedFigure> {
  return Object.fromEntries(figures.map((one) => [`${one.time} p${one.percent}`, one]));
}
