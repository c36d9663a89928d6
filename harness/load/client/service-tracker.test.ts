import { expect, test } from "vitest";
import type { Sample } from "../../model/sample.ts";
import { withFrozenClient } from "../../model/samples.fake.ts";
import { findEpisodes } from "../../measure/find-episodes.ts";
import { ServiceTracker } from "./service-tracker.ts";

const MS = 1000;
const SECOND = 1000 * MS;

/** One operation each 10 ms; unserved where intended in [from, to), then known only a second later. */
function probe(outage: readonly [fromMs: number, toMs: number] | null, untilMs: number): Sample[] {
  return Array.from({ length: untilMs / 10 }, (_, index) => {
    const intendedUs = index * 10 * MS;
    const isOut = outage !== null && intendedUs >= outage[0] * MS && intendedUs < outage[1] * MS;
    const tookUs = isOut ? SECOND : 2 * MS;
    const outcome = isOut ? "unknown" : "ok";
    return {
      id: index + 1,
      intendedUs,
      startUs: intendedUs,
      endUs: intendedUs + tookUs,
      outcome,
      code: null,
    };
  });
}

function trackerOf(samples: readonly Sample[], knownToUs: number): ServiceTracker {
  const tracker = new ServiceTracker(1000);
  tracker.add(
    samples.filter(({ intendedUs }) => intendedUs < knownToUs),
    knownToUs,
  );
  return tracker;
}

test("service is back at the end of the first success that lasted", () => {
  const tracker = trackerOf(probe([1000, 3000], 5000), 5 * SECOND);
  expect(tracker.servedSince(1 * SECOND, 1 * SECOND)).toBe(3 * SECOND + 2 * MS);
});

test("nothing is said before every operation of the lasting second is known", () => {
  const samples = probe([1000, 3000], 5000);
  expect(trackerOf(samples, 4 * SECOND + 2 * MS).servedSince(1 * SECOND, 1 * SECOND)).toBeNull();
  expect(trackerOf(samples, 4 * SECOND + 2 * MS + 1).servedSince(1 * SECOND, 1 * SECOND)).toBe(
    3 * SECOND + 2 * MS,
  );
});

test("successes that were reported do not count while older operations are in inFlight", () => {
  const tracker = new ServiceTracker(1000);
  const samples = probe(null, 5000);
  tracker.add(samples, 0.5 * SECOND);
  expect(tracker.servedSince(0, 1 * SECOND)).toBeNull();
});

test("a success within the outage that did not last is passed over", () => {
  const samples = probe([1000, 3000], 5000).map((sample) =>
    sample.intendedUs === 2 * SECOND ? { ...sample, outcome: "ok" as const, endUs: 2 * SECOND + MS } : sample,
  );
  expect(trackerOf(samples, 5 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBe(3 * SECOND + 2 * MS);
});

test("an answer after the time-out was not served", () => {
  const samples = probe(null, 4000).map((sample) =>
    sample.intendedUs === 500 * MS ? { ...sample, endUs: sample.intendedUs + SECOND + 1 } : sample,
  );
  expect(trackerOf(samples, 4 * SECOND).servedSince(0, 1 * SECOND)).toBe(510 * MS + 2 * MS);
});

test("a slow answer does not hide a quick one behind it", () => {
  const samples = probe([1000, 3000], 5000).map((sample) =>
    sample.intendedUs === 3 * SECOND ? { ...sample, endUs: 3.5 * SECOND } : sample,
  );
  expect(trackerOf(samples, 5 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBe(3.01 * SECOND + 2 * MS);
});

test("it agrees with what is measured afterwards", () => {
  const samples = probe([1000, 3000], 5000);
  const [episode] = findEpisodes(samples, 1000);
  expect(trackerOf(samples, 5 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBe(episode?.toUs);
});

test("operations that come in any order are judged by their intended starts", () => {
  const samples = probe([1000, 3000], 5000);
  const byEnd = [...samples].sort((one, other) => one.endUs - other.endUs);
  expect(trackerOf(byEnd, 5 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBe(3 * SECOND + 2 * MS);
});

test("a client that stood still is waited for until it has seen service for a second", () => {
  const samples = withFrozenClient(probe([1000, 1500], 9000), { fromUs: 1.9 * SECOND, toUs: 5 * SECOND });
  const sent = (untilUs: number): ServiceTracker => trackerOf(samples, untilUs);
  // Service was back for 0.4 s before the client stood still.
  expect(sent(4.9 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBeNull();
  expect(sent(5.5 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBeNull();
  expect(sent(7 * SECOND).servedSince(1 * SECOND, 1 * SECOND)).toBeGreaterThanOrEqual(5 * SECOND);
  expect(sent(7 * SECOND).servedNow).toBe(true);
});

test("an outage that has not ended has no end", () => {
  const tracker = trackerOf(probe([1000, 9000], 5000), 5 * SECOND);
  expect(tracker.servedSince(1 * SECOND, 1 * SECOND)).toBeNull();
  expect(tracker.servedNow).toBe(false);
});

test("it remembers the newest operations only, and stays level over a million of them", () => {
  const tracker = new ServiceTracker(1000, 1000);
  const before = process.memoryUsage().arrayBuffers;
  for (let first = 0; first < 1_000_000; first += 100) {
    const batch = Array.from({ length: 100 }, (_, index): Sample => {
      const intendedUs = (first + index) * 10 * MS;
      const endUs = intendedUs + 2 * MS;
      return { id: first + index + 1, intendedUs, startUs: intendedUs, endUs, outcome: "ok", code: null };
    });
    tracker.add(batch, (first + 100) * 10 * MS);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  const oldestUs = 999_000 * 10 * MS;
  expect(tracker.servedSince(oldestUs + 5 * SECOND, SECOND)).toBe(oldestUs + 5 * SECOND + 2 * MS);
  expect(tracker.servedSince(0, SECOND)).toBe(oldestUs + 2 * MS);
  expect(tracker.servedNow).toBe(true);
});

test("what is reported after it was forgotten changes nothing", () => {
  const samples = probe(null, 4000);
  const tracker = new ServiceTracker(1000, 200);
  tracker.add(samples.slice(100), 4 * SECOND);
  tracker.add(
    samples.slice(0, 100).map((sample) => ({ ...sample, outcome: "failed" })),
    4 * SECOND,
  );
  expect(tracker.servedSince(0, SECOND)).toBe(2 * SECOND + 2 * MS);
});
