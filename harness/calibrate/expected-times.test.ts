import { expect, test } from "vitest";
import { valueAtPercentile } from "../stats/percentiles.ts";
import { expectedTimes } from "./expected-times.ts";
import { answerDueMs, knownCases } from "./known-delays.ts";

test("a fixed delay is every operation's latency and service time", () => {
  const { latencyMs, serviceTimeMs } = expectedTimes(
    { kind: "fixed", delayMs: 5 },
    { ratePerSecond: 100, connections: 4, seconds: 2, warmupSeconds: 0, windows: 1 },
  );
  expect(latencyMs).toHaveLength(200);
  expect([...new Set([...latencyMs, ...serviceTimeMs].map((each) => each.toFixed(6)))]).toEqual(["5.000000"]);
});

test("with one connection too few, operations queue: latency and lag show it, service time does not", () => {
  const { latencyMs, serviceTimeMs, lagMs } = expectedTimes(
    { kind: "fixed", delayMs: 20 },
    { ratePerSecond: 100, connections: 1, seconds: 1, warmupSeconds: 0, windows: 1 },
  );
  // The last of 100 is due at 990 ms and answered at 100 x 20 ms.
  expect(valueAtPercentile(latencyMs, 100)).toBeCloseTo(2000 - 990);
  expect(valueAtPercentile(serviceTimeMs, 100)).toBeCloseTo(20);
  expect(valueAtPercentile(lagMs, 100)).toBeCloseTo(2000 - 990 - 20);
});

test("what is sent in the warm-up is left out, and what it left behind is not", () => {
  const delay = { kind: "stall", delayMs: 1, everyMs: 100_000, afterMs: 900, stallMs: 200 } as const;
  const { latencyMs } = expectedTimes(delay, {
    ratePerSecond: 10,
    connections: 4,
    seconds: 1,
    warmupSeconds: 1,
    windows: 1,
  });
  // Of the ten that count, the one due at 1.0 s meets the stall's last tenth of a second.
  expect([...latencyMs].map(Math.round)).toEqual([...Array.from({ length: 9 }, () => 1), 100]);
});

test("one in ten slow answers are the top tenth", () => {
  const { latencyMs } = expectedTimes(
    { kind: "bimodal", fastMs: 2, slowMs: 20, slowEvery: 10 },
    { ratePerSecond: 100, connections: 8, seconds: 10, warmupSeconds: 0, windows: 1 },
  );
  expect([50, 90, 91, 99].map((percent) => Math.round(valueAtPercentile(latencyMs, percent)))).toEqual([
    2, 2, 20, 20,
  ]);
});

test("a stall of a tenth of the time shows in a tenth of the latencies, up to its whole length, and in few service times", () => {
  const stall = knownCases.find(({ delay }) => delay.kind === "stall")!;
  const { latencyMs, serviceTimeMs } = expectedTimes(stall.delay, stall.load);
  expect(valueAtPercentile(latencyMs, 89)).toBeLessThan(5);
  expect(valueAtPercentile(latencyMs, 95)).toBeGreaterThan(250);
  expect(valueAtPercentile(latencyMs, 95)).toBeLessThan(280);
  expect(valueAtPercentile(latencyMs, 99)).toBeGreaterThan(450);
  expect(valueAtPercentile(serviceTimeMs, 99)).toBeLessThan(5);
  expect(valueAtPercentile(serviceTimeMs, 100)).toBeGreaterThan(490);
});

test("what would be answered in a stall is answered at its end", () => {
  const delay = { kind: "stall", delayMs: 1, everyMs: 100, afterMs: 50, stallMs: 10 } as const;
  expect([48, 49, 55, 59, 61, 153].map((atMs) => answerDueMs(delay, atMs, 1))).toEqual([
    49, 60, 60, 60, 62, 160,
  ]);
});
