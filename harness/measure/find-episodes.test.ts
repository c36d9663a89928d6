import { describe, expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { fakeSamples } from "../model/samples.fake.ts";
import type { Outcome, Sample, StreamDescription } from "../model/sample.ts";
import { findEpisodes } from "./find-episodes.ts";

const stream: StreamDescription = {
  name: "write-probe",
  kind: "write",
  ledgerTable: null,
  ratePerSecond: 100,
  timeoutMs: 1000,
};

test("a stream that is always served has no episode", () => {
  expect(findEpisodes(every10ms(500), 1000)).toEqual([]);
});

test("an episode runs from the first unserved intended start to the end of the first success that lasts", () => {
  const samples = every10ms(500, { 100: "failed", 101: "unknown" });
  expect(findEpisodes(samples, 1000)).toEqual([{ fromUs: 1_000_000, toUs: 1_022_000 }]);
});

test("an answer that is later than its time-out after the intended start was not served in time", () => {
  const samples = every10ms(500).map((each) =>
    each.id === 100
      ? { ...each, startUs: each.intendedUs + 900_000, endUs: each.intendedUs + 1_000_001 }
      : each,
  );
  expect(findEpisodes(samples, 1000)).toEqual([{ fromUs: 1_000_000, toUs: 1_012_000 }]);
});

test("failover time ends at the first success that lasts, not at a flicker", () => {
  const samples = every10ms(600, { 100: "failed", 150: "failed" });
  expect(findEpisodes(samples, 1000)).toEqual([{ fromUs: 1_000_000, toUs: 1_512_000 }]);
});

test("two episodes closer than a second are one, and further apart are two", () => {
  expect(findEpisodes(every10ms(600, { 100: "failed", 201: "failed" }), 1000)).toHaveLength(1);
  expect(findEpisodes(every10ms(600, { 100: "failed", 202: "failed" }), 1000)).toHaveLength(2);
});

test("a success that was due before the last failure and answered after it ends nothing", () => {
  const samples = every10ms(500, { 101: "failed" }).map((each) =>
    each.id === 100 ? { ...each, endUs: 1_015_000 } : each,
  );
  expect(findEpisodes(samples, 1000)).toEqual([{ fromUs: 1_010_000, toUs: 1_022_000 }]);
});

test("a slow first answer does not hide the quick one behind it", () => {
  const samples = every10ms(500, { 100: "failed" }).map((each) =>
    each.id === 101 ? { ...each, endUs: each.intendedUs + 900_000 } : each,
  );
  expect(findEpisodes(samples, 1000)).toEqual([{ fromUs: 1_000_000, toUs: 1_022_000 }]);
});

test("an episode without a success has no end", () => {
  const dead = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [100 + index, "failed" as const]),
  );
  expect(findEpisodes(every10ms(500, dead), 1000)).toEqual([{ fromUs: 1_000_000, toUs: null }]);
});

test("a success that could not be watched for a second has not been seen to last", () => {
  expect(findEpisodes(every10ms(200, { 100: "failed" }), 1000)).toEqual([{ fromUs: 1_000_000, toUs: null }]);
});

test("a success lasts when what follows is unserved more than a second after its end, not at a second", () => {
  // The first success after the failure ends at 1.02 s.
  const upTo = (count: number, unserved: Record<number, Outcome>) =>
    every10ms(count, unserved).map((each) => (each.id === 101 ? { ...each, endUs: 1_020_000 } : each));
  expect(findEpisodes(upTo(600, { 100: "failed", 202: "failed" }), 1000)).toHaveLength(1);
  expect(findEpisodes(upTo(600, { 100: "failed", 203: "failed" }), 1000)).toHaveLength(2);
  const ended = { fromUs: 1_000_000, toUs: 1_020_000 };
  expect(findEpisodes(upTo(202, { 100: "failed" }), 1000)).toEqual([ended]);
  expect(findEpisodes(upTo(201, { 100: "failed" }), 1000)).toEqual([{ ...ended, toUs: null }]);
});

test("no samples, no episodes", () => {
  expect(findEpisodes([], 1000)).toEqual([]);
});

describe("known outages at random moments come out right to one probe interval", () => {
  const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
  test.each(seeds)("seed %i", (seed) => {
    const random = seededRandom(seed, "episodes");
    const fromUs = Math.round(2e6 + random() * 1e6);
    const lengthUs = Math.round(3e4 + random() * 25e6);
    const manner = random() < 0.5 ? "silent" : "refusing";
    const outage = { fromUs, toUs: fromUs + lengthUs, manner } as const;
    const samples = fakeSamples(stream, { fromUs: 0, toUs: 35e6 }, [outage], random);
    samples.sort((a, b) => a.intendedUs - b.intendedUs);
    const [only, ...more] = findEpisodes(samples, 1000);
    expect(more).toEqual([]);
    // One interval at either end, and the time that the first success itself took.
    const slowest = Math.max(
      ...samples.filter(({ outcome }) => outcome === "ok").map((s) => s.endUs - s.intendedUs),
    );
    expect(Math.abs(only!.toUs! - only!.fromUs - lengthUs)).toBeLessThanOrEqual(10_000 + slowest);
  });
});

/** `count` probes, one every 10 ms from 10 ms on, each answered after 2 ms; some of them with another outcome. */
function every10ms(count: number, outcomes: Readonly<Record<number, Outcome>> = {}): Sample[] {
  return Array.from({ length: count }, (_, index): Sample => {
    const id = index + 1;
    const intendedUs = id * 10_000;
    const outcome = outcomes[id] ?? "ok";
    return { id, intendedUs, startUs: intendedUs, endUs: intendedUs + 2_000, outcome, code: null };
  });
}
