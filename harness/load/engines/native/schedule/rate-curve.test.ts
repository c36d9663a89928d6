import { expect, test } from "vitest";
import { phaseAt, rateCurve } from "./rate-curve.ts";

const phases = { warmupSeconds: 2, steadySeconds: 10, coolDownSeconds: 1 };

test("a constant rate makes operation n due at n / rate", () => {
  const { operations, secondsAt } = rateCurve({ kind: "constant", perSecond: 50 }, phases);
  expect(operations).toBe(650);
  for (const due of [0, 1, 99, 100, 333, 649]) expect(secondsAt(due)).toBeCloseTo(due / 50, 9);
  expect(secondsAt(650)).toBe(Infinity);
});

test("a ramp is the inverse of its integral, with warm-up at its first rate and cool-down at its last", () => {
  const ramp = { kind: "ramp", fromPerSecond: 100, toPerSecond: 300 } as const;
  const { operations, secondsAt } = rateCurve(ramp, phases);
  expect(operations).toBe(200 + 2000 + 300);
  const integral = (t: number): number => {
    if (t <= 2) return 100 * t;
    const s = Math.min(t, 12) - 2;
    return 200 + 100 * s + 10 * s * s + 300 * Math.max(0, t - 12);
  };
  for (let due = 0; due < operations; due += 17) expect(integral(secondsAt(due))).toBeCloseTo(due, 6);
});

test("a ramp down to nothing ends with its phase", () => {
  const { operations, secondsAt } = rateCurve(
    { kind: "ramp", fromPerSecond: 100, toPerSecond: 0 },
    { warmupSeconds: 0, steadySeconds: 10, coolDownSeconds: 5 },
  );
  expect(operations).toBe(500);
  expect(secondsAt(499.999)).toBeLessThanOrEqual(10);
  expect(secondsAt(500)).toBe(Infinity);
});

test("steps share the steady phase equally", () => {
  const { operations, secondsAt } = rateCurve({ kind: "steps", perSecond: [10, 40] }, phases);
  expect(operations).toBe(20 + 50 + 200 + 40);
  expect(secondsAt(20 + 50)).toBeCloseTo(7, 9);
  expect(secondsAt(20 + 50 + 40)).toBeCloseTo(8, 9);
});

test("a moment belongs to the phase that begins with it", () => {
  expect([0, 1.999, 2, 11.999, 12, 99].map((seconds) => phaseAt(phases, seconds))).toEqual([
    "warmup",
    "warmup",
    "steady",
    "steady",
    "cool-down",
    "cool-down",
  ]);
});
