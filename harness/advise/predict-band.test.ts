import { describe, expect, test } from "vitest";
import type { FailureClass, PredictedMetric, VictimRole } from "../model/advice.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { effectiveTiming } from "./effective-timing.ts";
import { predictBand, predictBands } from "./predict-band.ts";

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

  test.each<FailureClass>(["node-loss", "node-pause", "network-isolation"])(
    "a leader guard takes the place of the lease in the band of %s, and keeps it below 10 s",
    (failureClass) => {
      const band = bandOf({ guard: { enabled: true } }, failureClass);
      // goneAfterMs 3000 - askEveryMs 500 + promotion
      expect(band.lowSeconds).toBe(2.6);
      expect(band.highSeconds).toBeLessThan(10);
      expect(bandOf({ guard: { enabled: true, goneAfterMs: 5000 } }, failureClass).lowSeconds).toBe(4.6);
      expect(bandOf({ guard: { enabled: true, skipOldLeader: true } }, failureClass).highSeconds).toBe(
        Math.round((band.highSeconds - 2) * 1000) / 1000,
      );
    },
  );

  test("guards that wait for less than a lease is a sign of life wait for that", () => {
    const { terms } = bandOf({ guard: { enabled: true, goneAfterMs: 1000, askEveryMs: 250 } }, "node-loss");
    expect(terms[0]).toMatchObject({ lowSeconds: 1, highSeconds: 2 });
  });

  test("a freeze is a failover with a guard as soon as the guards may take it for one", () => {
    const freeze = (healAfterSeconds: number, enabled = true) => {
      const topology = fakeTopology({ guard: { enabled } });
      const fault = { name: "pause-node", failureClass: "node-pause", healAfterSeconds } as const;
      return predictBand(topology, effectiveTiming(topology.patroni), fault);
    };
    expect(freeze(2.4)).toMatchObject({ lowSeconds: 0, highSeconds: 2.9 });
    expect(freeze(4.6, false)).toMatchObject({ lowSeconds: 0, highSeconds: 5.1 });
    expect(freeze(4.6)).toMatchObject({ lowSeconds: 2.6 });
    expect(freeze(4.6).highSeconds).toBeGreaterThan(6);
  });

  test("a guard that does not act, or may not, changes no band", () => {
    const without = bandOf({}, "node-loss");
    expect(bandOf({ guard: { enabled: true, dryRun: true } }, "node-loss")).toEqual(without);
    for (const synchronousMode of ["off", "quorum"] as const)
      expect(
        bandOf({ guard: { enabled: true }, coordinators: { synchronousMode } }, "node-loss").lowSeconds,
      ).toBe(without.lowSeconds);
  });

  test("guards of the coordinators change no band of workers that they do not guard", () => {
    const of = { metric: "write-unavailability", role: "worker primary" } as const;
    const worker = (synchronousMode: "on" | "quorum", enabled: boolean) =>
      bandOf(
        { guard: { enabled }, workers: { groups: 2, membersPerGroup: 2, synchronousMode } },
        "node-loss",
        of,
      );
    expect(worker("quorum", true)).toEqual(worker("quorum", false));
    expect(worker("on", true).highSeconds).toBeLessThan(worker("on", false).lowSeconds);
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

describe("when a fault hits a standby", () => {
  test.each<[string, FailureClass, VictimRole, TopologyChanges, number, number]>([
    ["a frozen synchronous standby", "node-pause", "synchronous standby", {}, 19.7, 21.1],
    ["a frozen standby of a quorum", "node-pause", "quorum standby", {}, 0, 0],
    ["a killed asynchronous replica", "node-loss", "asynchronous replica", {}, 0, 0],
  ])(
    "the band of writes for %s holds the measured seconds",
    (_, failureClass, role, changes, ...measured) => {
      const band = bandOf(changes, failureClass, { metric: "write-unavailability", role });
      expect(band.lowSeconds).toBeLessThanOrEqual(Math.min(...measured));
      expect(band.highSeconds).toBeGreaterThanOrEqual(Math.max(...measured));
    },
  );

  test("a frozen or cut-off synchronous standby waits for its member key, a killed one only for Patroni's loop", () => {
    const writes = (failureClass: FailureClass) =>
      bandOf({}, failureClass, { metric: "write-unavailability", role: "synchronous standby" });
    expect(writes("node-pause").lowSeconds).toBe(19);
    expect(writes("network-isolation").lowSeconds).toBe(19);
    expect(writes("node-loss")).toMatchObject({ lowSeconds: 0, highSeconds: 2.1 });
    expect(writes("process-crash")).toMatchObject({ lowSeconds: 0, highSeconds: 2.1 });
  });

  test("who is slow or busy is not taken for gone, whoever it is: no failover", () => {
    const topology = fakeTopology();
    const slow = { name: "starve-cpu", failureClass: "slowness" } as const;
    const band = (role: VictimRole, healAfterSeconds?: number) =>
      predictBand(
        topology,
        effectiveTiming(topology.patroni),
        { ...slow, healAfterSeconds },
        { metric: "write-unavailability", role },
      );
    expect(band("etcd leader")).toMatchObject({ lowSeconds: 0, highSeconds: 0 });
    expect(band("primary", 10)).toMatchObject({ lowSeconds: 0, highSeconds: 10.5 });
    expect(band("primary", 10).terms.map(({ name }) => name)).toEqual(["no failover"]);
    expect(band("primary").terms).toEqual([]);
  });

  test("a freeze that is shorter than what is left of the lease is no failover; a longer one waits for it", () => {
    const topology = fakeTopology();
    const frozen = { name: "pause-node", failureClass: "node-pause" } as const;
    const band = (healAfterSeconds: number) =>
      predictBand(topology, effectiveTiming(topology.patroni), { ...frozen, healAfterSeconds });
    expect(band(2)).toMatchObject({ lowSeconds: 0, highSeconds: 2.5 });
    const { ttl, loopWait } = effectiveTiming(topology.patroni);
    expect(band(ttl - loopWait).lowSeconds).toBeGreaterThan(ttl - loopWait - 0.1);
  });

  test("a wal_sender_timeout that is shorter than the lease ends the wait sooner", () => {
    const band = bandOf({ postgres: { parameters: { wal_sender_timeout: "5s" } } }, "node-pause", {
      metric: "write-unavailability",
      role: "synchronous standby",
    });
    expect(band).toMatchObject({ lowSeconds: 5, highSeconds: 8 });
    expect(band.terms[0]?.name).toBe("the WAL sender gives it up");
  });

  test("a server that hangs is down after the time-outs of its checks, measured 7.0 s with fastinter 250 ms", () => {
    const changes = { haproxy: { interMs: 2000, fastinterMs: 250, fall: 3 } };
    const band = bandOf(changes, "node-pause", { metric: "circuit-open", role: "quorum standby" });
    expect(band).toMatchObject({ lowSeconds: 6.5, highSeconds: 8.6 });
  });

  test("readers feel it until HAProxy has marked it down, and at best nothing", () => {
    const reads = (failureClass: FailureClass) =>
      bandOf({}, failureClass, { metric: "read-unavailability", role: "quorum standby" });
    expect(reads("node-pause")).toMatchObject({ lowSeconds: 0, highSeconds: 9.5 });
    // inter 2 + 2 x fastinter 0.5, server_login_retry 1, connect 0.5
    expect(reads("process-crash")).toMatchObject({ lowSeconds: 0, highSeconds: 4.5 });
  });

  test("nothing is predicted of a proxy that is not there", () => {
    const without = { haproxy: { enabled: false } };
    const of = { metric: "circuit-open", role: "quorum standby" } as const;
    expect(bandOf(without, "node-pause", of).terms).toEqual([]);
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

test("of a reload of all members nothing is predicted to be unserved", () => {
  const topology = fakeTopology();
  const reload = { name: "reload", failureClass: "reload" } as const;
  const roles = possibleRoles("every member of coordinators", topology, reload.failureClass);
  expect(predictBands(topology, effectiveTiming(topology.patroni), reload, roles)).toMatchObject([
    { metric: "write-unavailability", fault: "reload", roles: ["primary"], lowSeconds: 0, highSeconds: 0 },
  ]);
});

test("every term says why, and where the rule stands", () => {
  for (const failureClass of [
    "planned",
    "reload",
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

function bandOf(
  changes: TopologyChanges,
  failureClass: FailureClass,
  of?: { readonly metric: PredictedMetric; readonly role: VictimRole },
) {
  const topology = fakeTopology(changes);
  return predictBand(topology, effectiveTiming(topology.patroni), { name: "a fault", failureClass }, of);
}

describe("trouble of etcd", () => {
  const ofRole = (role: VictimRole, changes: TopologyChanges = {}, healAfterSeconds?: number) =>
    predictBand(
      fakeTopology(changes),
      { ttl: 20, loopWait: 1, retryTimeout: 3, adjusted: [] },
      { name: "kill-node", failureClass: "node-loss", healAfterSeconds },
      { metric: "write-unavailability", role },
    );
  const failsafe = { patroni: { failsafeMode: true } };

  test("of one member stops nothing, as long as an election is over before a primary gives up", () => {
    expect(ofRole("etcd follower")).toMatchObject({ lowSeconds: 0, highSeconds: 0 });
    expect(ofRole("etcd leader")).toMatchObject({ lowSeconds: 0, highSeconds: 0 });
    expect(ofRole("etcd leader to followers").terms[0]?.because).toContain("Within 1-2 s");
    expect(ofRole("etcd leader", { etcd: { electionTimeoutMs: 1500 } }).terms).toEqual([]);
  });

  test("a primary that alone is cut off stops, and is replaced when its lease is over", () => {
    // The lease ends 19 to 20 s after the fault; the primary goes on for 3 to 8 s of it.
    const { lowSeconds, highSeconds, terms } = ofRole("primary to etcd");
    expect(terms[0]).toMatchObject({ lowSeconds: 11, highSeconds: 18 });
    // revoked 1, loop 1, promotion 2, HAProxy 1, clients 0.5
    expect([lowSeconds, highSeconds]).toEqual([11.1, 23.5]);
  });

  test("without a quorum nobody writes until it is back, and nothing is predicted where that is not said", () => {
    const { lowSeconds, highSeconds } = ofRole("etcd quorum", {}, 25);
    expect(lowSeconds).toBeCloseTo(17.1, 6);
    // 23 of the fault, etcd back within 3, asked again within 4, promotion 2, HAProxy 1, clients 0.5
    expect(highSeconds).toBeCloseTo(33.5, 6);
    expect(ofRole("etcd quorum").terms).toEqual([]);
  });

  test("with failsafe_mode the primary goes on in both cases, for it reaches all members", () => {
    expect(ofRole("primary to etcd", failsafe)).toMatchObject({ lowSeconds: 0, highSeconds: 0 });
    expect(ofRole("etcd quorum", failsafe)).toMatchObject({ lowSeconds: 0, highSeconds: 0 });
  });

  test("says nothing of reads, nor of HAProxy's circuit", () => {
    const timing = { ttl: 20, loopWait: 1, retryTimeout: 3, adjusted: [] };
    const fault = { name: "kill-node", failureClass: "node-loss" } as const;
    const roles = ["etcd follower", "quorum standby"] as const;
    const bands = predictBands(fakeTopology(), timing, fault, roles);
    expect(bands.map(({ metric, roles }) => [metric, roles])).toEqual([
      ["write-unavailability", ["etcd follower"]],
      ["write-unavailability", ["quorum standby"]],
      ["read-unavailability", ["quorum standby"]],
      ["circuit-open", ["quorum standby"]],
    ]);
  });
});
