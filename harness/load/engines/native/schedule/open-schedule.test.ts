import { expect, test } from "vitest";
import type { RateProfile } from "../../../../model/benchmark.ts";
import { openSchedule, type Share } from "./open-schedule.ts";

const phases = { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 1 };
const profiles: readonly RateProfile[] = [
  { kind: "constant", perSecond: 300 },
  { kind: "ramp", fromPerSecond: 50, toPerSecond: 500 },
  { kind: "steps", perSecond: [100, 400, 200] },
];

function drawn(arrival: "constant" | "poisson", rate: RateProfile, share: Share, seed = 7, stage = 1) {
  const schedule = openSchedule({ arrival, rate, phases, seed, stage, share });
  const all: [number, number][] = [];
  while (schedule.dueUs !== Infinity) {
    all.push([schedule.number, schedule.dueUs]);
    schedule.advance();
  }
  return all;
}

for (const arrival of ["constant", "poisson"] as const) {
  for (const rate of profiles) {
    test(`${arrival}, ${rate.kind}: what several agents send together is what one would send`, () => {
      const whole = drawn(arrival, rate, { agent: 1, of: 1 });
      expect(whole.length).toBeGreaterThan(1000);
      for (const of of [2, 3]) {
        const parts = Array.from({ length: of }, (_, index) =>
          drawn(arrival, rate, { agent: index + 1, of }),
        );
        parts.forEach((part, index) => {
          expect(part.every(([number]) => number % of === index)).toBe(true);
        });
        expect(parts.flat().sort(([one], [other]) => one - other)).toEqual(whole);
      }
    });
  }
}

test("operations are numbered from 0 and due in order, within the stage", () => {
  const whole = drawn("poisson", profiles[1]!, { agent: 1, of: 1 });
  expect(whole.map(([number]) => number)).toEqual(whole.map((_, index) => index));
  const due = whole.map(([, dueUs]) => dueUs);
  expect(due).toEqual([...due].sort((one, other) => one - other));
  expect(due.at(-1)).toBeLessThan(6_000_000);
});

test("equal seed and stage draw the same, others do not", () => {
  const [rate] = profiles;
  const share = { agent: 1, of: 1 };
  expect(drawn("poisson", rate!, share, 7, 1)).toEqual(drawn("poisson", rate!, share, 7, 1));
  expect(drawn("poisson", rate!, share, 7, 2)).not.toEqual(drawn("poisson", rate!, share, 7, 1));
  expect(drawn("poisson", rate!, share, 8, 1)).not.toEqual(drawn("poisson", rate!, share, 7, 1));
});

test("Poisson counts of disjoint stretches have the mean and the variance of the rate's integral", () => {
  const rate = { kind: "constant", perSecond: 500 } as const;
  const counts: number[] = [];
  for (let seed = 0; seed < 60; seed += 1) {
    const tenths = new Array<number>(60).fill(0);
    for (const [, dueUs] of drawn("poisson", rate, { agent: 1, of: 1 }, seed)) {
      tenths[Math.floor(dueUs / 100_000)]! += 1;
    }
    counts.push(...tenths);
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  expect(mean).toBeCloseTo(50, 0);
  expect(variance / mean).toBeGreaterThan(0.9);
  expect(variance / mean).toBeLessThan(1.1);
});
