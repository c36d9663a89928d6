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

test("no samples, nothing seen and nothing missed", () => {
  expect(see([])).toEqual({ unserved: [], notSeenServed: [] });
});

describe("a look is missing", () => {
  test("from one and a half intervals after the last one, not where one comes half an interval late", () => {
    const missing = looks(probe(2).filter(({ intendedUs }) => intendedUs !== S));
    expect(missing).toEqual({ unserved: [], notSeenServed: [{ fromUs: S, toUs: 1.01 * S }] });
    const moved = probe(2).map((each) => (each.intendedUs >= S ? shifted(each, 5000) : each));
    expect(looks(moved).notSeenServed).toEqual([]);
  });

  test("and amid an outage it may have been missing to the end of the first success afterwards", () => {
    const samples = probe(4, (atUs) =>
      atUs === 0.99 * S ? { outcome: "failed", tookUs: 1000 } : atUs === 1.01 * S && { tookUs: 5000 },
    ).filter(({ intendedUs }) => intendedUs !== S);
    expect(looks(samples)).toEqual({
      unserved: [{ fromUs: 0.99 * S, toUs: S }],
      notSeenServed: [{ fromUs: 0.99 * S, toUs: 1_015_000 }],
    });
  });

  test("where operations overtook one that was sent late: each look is of when it was sent", () => {
    const samples = probe(2).map((each) => (each.intendedUs === S ? sentLate(each, 50_000) : each));
    expect(looks(samples).notSeenServed).toEqual([{ fromUs: S, toUs: 1.01 * S }]);
  });

  test("where an operation was never sent, which is no sign of an outage", () => {
    const samples = probe(4).map((each): Sample =>
      each.intendedUs === S ? { ...each, outcome: "failed", code: "NEVER_SENT" } : each,
    );
    expect(looks(samples)).toEqual({ unserved: [], notSeenServed: [{ fromUs: S, toUs: 1.01 * S }] });
  });
});

describe("an operation that went unserved", () => {
  const failedWhenLateBy = (us: number) =>
    looks(
      probe(4, (atUs) => atUs === S && { outcome: "failed", tookUs: 1000 }).map((each) =>
        each.intendedUs === S ? sentLate(each, us) : each,
      ),
    ).unserved[0];

  test("speaks of its intended start up to one interval late, and of its start from there on", () => {
    expect(failedWhenLateBy(5000)?.fromUs).toBe(S);
    expect(failedWhenLateBy(10_000)?.fromUs).toBe(S);
    expect(failedWhenLateBy(10_001)?.fromUs).toBe(S + 10_001);
  });

  test("says nothing where it was sent later than a tenth of its time-out", () => {
    expect(failedWhenLateBy(100_000)?.fromUs).toBe(1.1 * S);
    expect(failedWhenLateBy(100_001)).toBeUndefined();
  });

  test("by its time-out says nothing where the client stalled then, or within an interval of it", () => {
    const samples = probe(6, (atUs) => atUs === 2 * S && { outcome: "unknown", tookUs: S });
    const unserved = (...stalls: readonly Stretch[]) => looks(samples, stalls).unserved.length;
    expect(unserved(frozen(2.5, 2.98))).toBe(1);
    expect(unserved(frozen(2.5, 2.99))).toBe(0);
    expect(unserved(frozen(0.5, 0.6), frozen(2.5, 2.995))).toBe(0);
    expect(unserved(frozen(0.5, 0.6), frozen(2.5, 2.6))).toBe(1);
    expect(unserved(frozen(3.01, 3.5))).toBe(0);
    expect(unserved(frozen(3.02, 3.5))).toBe(1);
  });
});

test("an operation that was served is a look, however late it was sent", () => {
  const slowProbe = Array.from({ length: 10 }, (_, index) => probe(10)[index * 50]!);
  const samples = slowProbe.map((each) => (each.intendedUs === 2 * S ? sentLate(each, 200_000) : each));
  const seen = seeService(samples, { timeoutMs: 1000, intervalUs: 500_000, stalls: [] });
  expect(seen).toEqual({ unserved: [], notSeenServed: [] });
});

/** What a probe's own samples say, where the client stalled so. */
function looks(samples: readonly Sample[], stalls: readonly Stretch[] = []): ServiceSeen {
  return seeService(samples, { timeoutMs: 1000, intervalUs: 10_000, stalls });
}

/** Due so much later, with all that followed. */
function shifted(sample: Sample, us: number): Sample {
  return { ...sentLate(sample, us), intendedUs: sample.intendedUs + us };
}

function sentLate(sample: Sample, us: number): Sample {
  return { ...sample, startUs: sample.startUs + us, endUs: sample.endUs + us };
}

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
