import { describe, expect, test } from "vitest";
import type { Episode } from "../model/measurement.ts";
import type { Outcome, Sample } from "../model/sample.ts";
import { withFrozenClient } from "../model/samples.fake.ts";
import type { Stretch } from "../stats/stretches.ts";
import { clientStalls } from "./client-stalls.ts";
import { seeService, type ServiceSeen } from "./see-service.ts";

const S = 1e6;

describe("a client that looks all the time", () => {
  test("sees exactly what was not served", () => {
    const seen = see(probe(40, outage(10, 12.5)));
    expect(seconds(seen.unserved)).toEqual([[10, 12.502]]);
    expect(seconds(seen.notSeenServed)).toEqual([[10, 12.502]]);
  });

  test("and sees service when there was no outage", () => {
    expect(see(probe(40))).toEqual({ unserved: [], notSeenServed: [] });
  });
});

describe("a client frozen for 12 s", () => {
  test("wholly within an outage saw its two ends: service may have been back in between, or not", () => {
    const seen = see(withFrozenClient(probe(60, outage(10, 30)), frozen(14, 26)));
    expect(seconds(seen.unserved)).toEqual([
      [10, 14],
      [26, 30.002],
    ]);
    expect(seconds(seen.notSeenServed)).toEqual([[10, 30.002]]);
  });

  test("from within an outage of 1 s on saw its first 0.7 s, and no more than 12.7 s", () => {
    const seen = see(withFrozenClient(probe(60, outage(10, 11)), frozen(10.7, 22.7)));
    expect(seconds(seen.unserved)).toEqual([[10, 10.7]]);
    expect(lengthOf(seen.notSeenServed)).toBeCloseTo(12.7, 1);
  });

  test("just after service was back saw that outage whole, and may have missed another", () => {
    const seen = see(withFrozenClient(probe(60, outage(10, 11)), frozen(11.2, 23.2)));
    expect(seconds(seen.unserved)).toEqual([[10, 11.002]]);
    expect(lengthOf(seen.notSeenServed)).toBeCloseTo(1 + 12, 1);
  });

  test("in healthy service saw nothing go unserved, and may have missed an outage of 12 s", () => {
    const seen = see(withFrozenClient(probe(60), frozen(10, 22)));
    expect(seen.unserved).toEqual([]);
    expect(lengthOf(seen.notSeenServed)).toBeCloseTo(12, 1);
  });

  test("before an outage and into it saw the outage from when it looked again", () => {
    const seen = see(withFrozenClient(probe(60, outage(20, 30)), frozen(10, 22)));
    const [[from, to]] = seconds(seen.unserved) as [[number, number]];
    expect(from).toBeCloseTo(22, 1);
    expect(to).toBe(30.002);
    expect(seconds(seen.notSeenServed)).toEqual([[10, 30.002]]);
  });

  test("to the end of the load saw what it saw before", () => {
    const refused = see(withFrozenClient(probe(60, outage(10, 70)), frozen(20, 75)));
    expect(seconds(refused.unserved)).toEqual([[10, 20]]);
    expect(refused.notSeenServed).toEqual([{ fromUs: 10 * S, toUs: Infinity }]);
    // Whether the last second's operations would have been answered was not seen.
    const silent = see(withFrozenClient(probe(60, outage(10, 70, "silent")), frozen(20, 75)));
    expect(seconds(silent.unserved)).toEqual([[10, 18.99]]);
  });

  test("all the time saw nothing", () => {
    const seen = see(withFrozenClient(probe(20), frozen(-1, 40)));
    expect(seen.unserved).toEqual([]);
    expect(seen.notSeenServed).toEqual([{ fromUs: 0, toUs: Infinity }]);
  });
});

test("an operation whose answer lay unread while the client was frozen was not unserved", () => {
  const samples = withFrozenClient(
    probe(60, (atUs) => atUs === 9.99 * S && { tookUs: 800_000 }),
    frozen(10, 22),
  );
  expect(samples.find(({ intendedUs }) => intendedUs === 9.99 * S)?.code).toBe("CLIENT_TIMEOUT");
  expect(see(samples).unserved).toEqual([]);
});

test("an operation in flight that had no answer when its time-out ended in an acting client was unserved", () => {
  const samples = withFrozenClient(probe(60, outage(8, 9)), frozen(10.1, 22.1));
  expect(seconds(see(samples).unserved)).toEqual([[8, 9.002]]);
});

test("a stall of 60 ms leaves 60 ms open where service was, and nothing within an outage", () => {
  const calm = see(withFrozenClient(probe(20), frozen(10, 10.06)));
  expect(calm.unserved).toEqual([]);
  expect(lengthOf(calm.notSeenServed)).toBeCloseTo(0.06, 1);
  const amid = see(withFrozenClient(probe(20, outage(8, 12)), frozen(10, 10.06)));
  expect(seconds(amid.unserved)).toEqual([[8, 12.002]]);
  expect(seconds(amid.notSeenServed)).toEqual([[8, 12.002]]);
});

test("a stall leaves no more open than its own length, though the answers after it are slow", () => {
  const slow = withFrozenClient(
    probe(20, (atUs) => atUs >= 9 * S && { tookUs: 300_000 }),
    frozen(10, 10.06),
  );
  const again = see(withFrozenClient(slow, frozen(10.2, 10.26)));
  expect(again.unserved).toEqual([]);
  expect(lengthOf(again.notSeenServed)).toBeCloseTo(0.12, 1);
});

test("a gap of less than a second between two that went unserved is no end of the episode", () => {
  const seen = see(withFrozenClient(probe(20, outage(8, 12)), frozen(9, 9.9)));
  expect(seconds(seen.unserved)).toEqual([[8, 12.002]]);
});

test("a client that is late all the time by 15 ms looks as often as any other", () => {
  const late = (samples: readonly Sample[]): Sample[] =>
    samples.map((each) => ({ ...each, startUs: each.startUs + 15_000, endUs: each.endUs + 15_000 }));
  const calm = see(late(probe(20)));
  expect(calm.unserved).toEqual([]);
  expect(lengthOf(calm.notSeenServed)).toBeLessThan(0.02);
  const seen = see(late(probe(20, outage(8, 12, "silent"))));
  expect(seconds(seen.unserved)).toEqual([[8.015, 12.017]]);
  expect(lengthOf(seen.notSeenServed)).toBeCloseTo(4, 1);
});

test("operations that were sent late and refused at once say nothing before they were sent", () => {
  const seen = see(withFrozenClient(probe(20, outage(9, 10.05)), frozen(8, 10)));
  const [[from]] = seconds(seen.unserved) as [[number, number]];
  expect(from).toBeGreaterThanOrEqual(9.98);
});

/** A probe each 10 ms for so many seconds, answered after 2 ms; of some, told what became of them instead. */
function probe(
  lengthSeconds: number,
  unusual: (atUs: number) => { readonly outcome?: Outcome; readonly tookUs: number } | false = () => false,
): Sample[] {
  return Array.from({ length: lengthSeconds * 100 }, (_, index): Sample => {
    const intendedUs = index * 10_000;
    const { outcome = "ok", tookUs } = unusual(intendedUs) || { tookUs: 2000 };
    const code = outcome === "ok" ? null : tookUs < S ? "ECONNREFUSED" : "CLIENT_TIMEOUT";
    return { id: index + 1, intendedUs, startUs: intendedUs, endUs: intendedUs + tookUs, outcome, code };
  });
}

function outage(from: number, to: number, manner: "refusing" | "silent" = "refusing") {
  return (atUs: number) =>
    atUs >= from * S &&
    atUs < to * S && { outcome: "failed" as const, tookUs: manner === "silent" ? S : 1000 };
}

function frozen(from: number, to: number): Stretch {
  return { fromUs: from * S, toUs: to * S };
}

function see(samples: readonly Sample[]): ServiceSeen {
  const stalls = clientStalls([samples], 1000);
  return seeService(samples, { timeoutMs: 1000, intervalUs: 10_000, stalls });
}

function seconds(stretches: readonly (Stretch | Episode)[]): [from: number, to: number | null][] {
  return stretches.map(({ fromUs, toUs }) => [fromUs / S, toUs === null ? null : toUs / S]);
}

function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs) / S, 0);
}
