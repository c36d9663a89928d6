import { describe, expect, test } from "vitest";
import type { FailureClass } from "../model/advice.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { effectiveTiming } from "./effective-timing.ts";
import { predictBand } from "./predict-band.ts";

const asDocumented: TopologyChanges = {
  patroni: { ttl: 30, loopWait: 10, retryTimeout: 10, primaryStartTimeout: 300 },
  pgbouncer: { serverLoginRetry: 15 },
  haproxy: { interMs: 2000, fastinterMs: 2000, downinterMs: 2000, fall: 3, rise: 2 },
};

describe("with production's quick timing", () => {
  test.each<[string, FailureClass, number]>([
    ["a switchover", "planned", 1.6],
    ["a killed postmaster", "process-crash", 1.7],
    ["a killed postmaster with fastinter 250 ms", "process-crash", 0.637],
    ["a killed container", "node-loss", 22.9],
    ["a cut network", "network-isolation", 20.9],
    ["a paused container", "node-pause", 23.2],
  ])("the band of %s (%s) holds the measured %d s", (_, failureClass, measured) => {
    const band = bandOf({}, failureClass);
    expect(band.lowSeconds).toBeLessThanOrEqual(measured);
    expect(band.highSeconds).toBeGreaterThanOrEqual(measured);
  });

  test("node loss is between ttl - loop_wait + promotion and the sum of every worst case", () => {
    const band = bandOf({}, "node-loss");
    expect(band.lowSeconds).toBe(19.1);
    // ttl 20 + lease 1 + loop 1 + poll 2 + promotion 2 + downinter 1 + connect 0.5
    expect(band.highSeconds).toBe(27.5);
  });

  test("a crash is served again within 10 s even in the worst case", () => {
    expect(bandOf({}, "process-crash").highSeconds).toBeLessThan(10);
  });
});

describe("as documented (30/10/10, rise 2, server_login_retry 15)", () => {
  test("node loss holds the published 22-46 s", () => {
    const band = bandOf(asDocumented, "node-loss");
    expect(band.lowSeconds).toBe(22.1);
    expect(band.highSeconds).toBe(49.5);
  });

  test("a crash is restarted in place: no promotion and no lease in its terms", () => {
    const names = bandOf(asDocumented, "process-crash").terms.map(({ name }) => name);
    expect(names).toContain("PostgreSQL restarts in place");
    expect(names).not.toContain("promotion");
    expect(names).toContain("PgBouncer tries again");
  });
});

test("the band counts from the effective ttl, not from the one that is set", () => {
  expect(bandOf({ patroni: { ttl: 5, loopWait: 1, retryTimeout: 1 } }, "node-loss").lowSeconds).toBe(19.1);
});

test("dropping the old primary counts only as far as it takes longer than the steps beside it", () => {
  const slow = bandOf({ haproxy: { interMs: 20_000, fastinterMs: 20_000, fall: 3 } }, "planned");
  const term = slow.terms.find(({ name }) => name === "HAProxy drops the old primary");
  // stop 2 + loop 1 + promotion 2 + downinter 1 = 6 of the 60 s
  expect(term?.highSeconds).toBe(54);
  expect(term?.lowSeconds).toBe(0);
});

test("without HAProxy no term speaks of it", () => {
  const band = bandOf({ haproxy: { enabled: false } }, "node-loss");
  expect(band.terms.filter(({ name }) => name.includes("HAProxy"))).toEqual([]);
});

test("every term says why, and where the rule stands", () => {
  for (const failureClass of [
    "planned",
    "process-crash",
    "node-loss",
    "node-pause",
    "network-isolation",
  ] as const) {
    for (const { because, lowSeconds, highSeconds } of bandOf({}, failureClass).terms) {
      expect(because.length).toBeGreaterThan(20);
      expect(lowSeconds).toBeLessThanOrEqual(highSeconds);
    }
  }
});

function bandOf(changes: TopologyChanges, failureClass: FailureClass) {
  const topology = fakeTopology(changes);
  return predictBand(topology, effectiveTiming(topology.patroni), { name: "a fault", failureClass });
}
