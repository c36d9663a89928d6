import { describe, expect, test } from "vitest";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import type { VictimSelector } from "../model/victim-selector.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { productionAsDocumented } from "../../topologies/production-as-documented.ts";
import { production } from "../../topologies/production.ts";
import { advise } from "./advise.ts";

const killNode: FaultDescription = {
  kind: "fault",
  name: "kill-node",
  title: "Kill the node",
  mechanism: "SIGKILL of the container",
  why: "power loss",
  failureClass: "node-loss",
  hits: ["postgres"],
  needs: [],
  needsPatroni: false,
  healing: "after-recovery",
};

test("production can still not promise 10 s for node loss, nor 6 s for a server or a worker that hangs", () => {
  expect(ids({ coordinators: { synchronousMode: "quorum" } })).toEqual(["D1", "FDW-WAITS", "D11", "D13"]);
});

test("the documented settings show D1, D2, D5, D6 and D7", () => {
  const found = ids({
    coordinators: { synchronousMode: "off" },
    workers: { membersPerGroup: 1 },
    patroni: { ttl: 30, loopWait: 10, retryTimeout: 10, primaryStartTimeout: 300 },
    pgbouncer: { poolMode: "session", serverLoginRetry: 15 },
    haproxy: { readWritePort: 8008, shutdownSessionsWhenDown: false },
    postgres: { maxConnections: 100 },
  });
  expect(found).toEqual([
    "D1",
    "D2",
    "D5",
    "D6",
    "D7",
    "D11",
    "D13",
    "RPO",
    "PRIMARY-START-TIMEOUT",
    "SERVER-LOGIN-RETRY",
    "HANGING-SESSIONS",
  ]);
});

describe("each check", () => {
  test.each<[string, string, TopologyChanges]>([
    ["D6", "the read-only port is Patroni's", { haproxy: { readOnlyPort: 8008 } }],
    ["D7", "workers have no standby", { workers: { membersPerGroup: 1 } }],
    ["FDW-WAITS", "postgres_fdw asks one host of a worker after the other", { sharding: "fdw" }],
    ["CITUS-WAITS", "Citus asks a silent worker to cancel, without a time-out", { sharding: "citus" }],
    ["CITUS-2PC", "Citus recovers prepared transactions of workers with standbys", { sharding: "citus" }],
    [
      "D4",
      "Citus has fewer than twice as many shards as workers",
      { sharding: "citus", workers: { groups: 4, shards: 6 } },
    ],
    ["D11", "pools are larger than a worker's max_connections", { postgres: { maxConnections: 299 } }],
    ["D13", "a check's time-out is its interval", {}],
    ["D14", "one named standby must confirm", { coordinators: { synchronousMode: "on" } }],
    ["D14", "a quorum has one standby", { coordinators: { members: 2, synchronousMode: "quorum" } }],
    ["RPO", "coordinators are asynchronous", { coordinators: { synchronousMode: "off" } }],
    ["PATRONI-TIMING", "ttl is below the floor", { patroni: { ttl: 10 } }],
    ["PATRONI-TIMING", "the ttl rule is violated", { patroni: { loopWait: 15 } }],
    ["PRIMARY-START-TIMEOUT", "a crash restarts in place", { patroni: { primaryStartTimeout: 300 } }],
    ["SERVER-LOGIN-RETRY", "PgBouncer waits 15 s", { pgbouncer: { serverLoginRetry: 15 } }],
    ["HANGING-SESSIONS", "sessions outlive their server", { haproxy: { shutdownSessionsWhenDown: false } }],
    ["D5", "sessions hold their server connection", { pgbouncer: { poolMode: "session" } }],
  ])("%s is found when %s, and told with its mend and source", (id, _, changes) => {
    const finding = advise(fakeTopology(changes), []).findings.find((each) => each.id === id);
    expect(finding).toBeDefined();
    for (const text of [finding!.claim, finding!.truth, finding!.mend, finding!.source]) {
      expect(text).not.toBe("");
    }
    expect(finding!.truth + finding!.claim).toMatch(/\d|on-marked-down/);
  });
});

test("one PostgreSQL without etcd, proxy and pooler has neither timing, bands nor findings", () => {
  const development = fakeTopology({
    etcd: { members: 0 },
    coordinators: { members: 1, synchronousMode: "off" },
    workers: { groups: 0 },
    pgbouncer: { enabled: false, serverLoginRetry: 15, poolMode: "session" },
    haproxy: { enabled: false, readWritePort: 8008, shutdownSessionsWhenDown: false },
    patroni: { ttl: 5, primaryStartTimeout: 300 },
  });
  expect(advise(development, [{ fault: killNode, victim: "primary of coordinators" }])).toEqual({
    timing: null,
    bands: [],
    findings: [],
  });
});

test("the shipped topologies show what the documentation of the checks says of them", () => {
  expect(advise(production, []).findings.map(({ id }) => id)).toEqual(["D1", "FDW-WAITS", "D11", "D13"]);
  const documented = advise(productionAsDocumented, []).findings.map(({ id }) => id);
  expect(documented).toEqual(expect.arrayContaining(["D1", "D2", "D5", "D6", "D7", "D13", "RPO"]));
});

describe("bands", () => {
  test("are of writes alone when a fault hits the primary, whose reads are served by replicas", () => {
    expect(bandsOf(fakeTopology(), "primary of coordinators")).toEqual([
      ["write-unavailability", "kill-node", ["primary"]],
    ]);
  });

  test("tell both roles that one replica may have, and what both share once", () => {
    const both = ["synchronous standby", "asynchronous replica"];
    expect(bandsOf(fakeTopology(), "one replica of coordinators")).toEqual([
      ["write-unavailability", "kill-node", ["synchronous standby"]],
      ["write-unavailability", "kill-node", ["asynchronous replica"]],
      ["read-unavailability", "kill-node", both],
      ["circuit-open", "kill-node", both],
    ]);
  });

  test("know with quorum commit that either replica is one of several", () => {
    const quorum = fakeTopology({ coordinators: { synchronousMode: "quorum" } });
    const writes = bandsOf(quorum, "one replica of coordinators")[0];
    expect(writes).toEqual(["write-unavailability", "kill-node", ["quorum standby"]]);
  });

  test("of a worker's primary are those of a coordinator's with nothing in front of it", () => {
    const bareTopology = fakeTopology({ haproxy: { enabled: false }, pgbouncer: { enabled: false } });
    const [worker, ...others] = advise(fakeTopology(), [
      { fault: killNode, victim: "primary of one worker group" },
    ]).bands;
    const [coordinator] = advise(bareTopology, [
      { fault: killNode, victim: "primary of coordinators" },
    ]).bands;
    expect(others).toEqual([]);
    expect(worker).toMatchObject({ metric: "write-unavailability", roles: ["worker primary"] });
    expect(worker?.terms.slice(0, -1)).toEqual(coordinator?.terms.slice(0, -1));
    expect(coordinator?.terms.at(-1)?.name).toBe("clients connect again");
  });

  test("of a worker's primary end with the coordinators that connect again, and with Citus are told first", () => {
    const lastOf = (changes: TopologyChanges, fault = killNode) =>
      advise(fakeTopology(changes), [{ fault, victim: "primary of one worker group" }])
        .bands[0]?.terms.slice(-2)
        .map(({ name }) => name);
    expect(lastOf({ sharding: "fdw" })).toEqual(["promotion", "coordinators connect again"]);
    expect(lastOf({ sharding: "citus" })).toEqual([
      "the coordinators are told",
      "coordinators connect again",
    ]);
    const frozen = { ...killNode, name: "pause-node", failureClass: "node-pause" } as const;
    for (const sharding of ["fdw", "citus"] as const) expect(lastOf({ sharding }, frozen)).toBeUndefined();
    const crash = { ...killNode, name: "crash-postgres", failureClass: "process-crash" } as const;
    expect(lastOf({ sharding: "citus", patroni: { primaryStartTimeout: 300 } }, crash)).toEqual([
      "PostgreSQL restarts in place",
      "coordinators connect again",
    ]);
    const texts = advise(fakeTopology({ sharding: "citus" }), [
      { fault: killNode, victim: "primary of one worker group" },
    ]).bands.flatMap(({ terms }) => terms.map(({ because }) => because));
    expect(texts.filter((because) => /HAProxy|PgBouncer/.test(because))).toEqual([]);
    expect(texts.join(" ")).toContain("retry_timeout 3 s");
  });

  test("say nothing of a worker without a standby, to which nothing fails over", () => {
    expect(bandsOf(fakeTopology({ workers: { membersPerGroup: 1 } }), "primary of one worker group")).toEqual(
      [],
    );
  });
});

test("D13 does without the promise where the checks are short enough, and says how short that is", () => {
  const found = (interMs: number) =>
    advise(fakeTopology({ haproxy: { interMs, fastinterMs: 250 } }), []).findings.find(
      ({ id }) => id === "D13",
    );
  expect(found(2000)).toMatchObject({ severity: "impossible" });
  expect(found(2000)?.truth).toContain("6.5 s to 8.5 s");
  expect(found(2000)?.mend).toContain("Set haproxy.interMs to at most 1300");
  expect(found(1500)).toMatchObject({ severity: "risk" });
  expect(found(1300)).toBeUndefined();
});

test("D13 holds with the documented settings, in which no interval is shortened", () => {
  const d13 = advise(productionAsDocumented, []).findings.find(({ id }) => id === "D13");
  expect(d13?.truth).toContain("10 s to 12 s");
});

test("D14 is mended by quorum commit over two standbys, but where a leader guard needs the one", () => {
  const d14 = advise(fakeTopology(), []).findings.find(({ id }) => id === "D14");
  expect(d14?.truth).toContain("19 s to 23 s");
  expect(d14?.mend).toContain("Set coordinators.synchronousMode to quorum");
  expect(ids({ coordinators: { synchronousMode: "quorum" } })).not.toContain("D14");
  const guarded = advise(fakeTopology({ guard: { enabled: true } }), []).findings.find(
    ({ id }) => id === "D14",
  );
  expect(guarded?.truth).toContain("no leader guard shortens");
  expect(guarded?.mend).toMatch(/^None with a leader guard/);
});

test("D1 names what Patroni changes of a 5 s heartbeat", () => {
  const d1 = advise(fakeTopology({ patroni: { ttl: 5 } }), []).findings.find(({ id }) => id === "D1");
  expect(d1?.truth).toContain("ttl 5 s is raised to Patroni's floor of 20 s");
});

function bandsOf(topology: Topology, victim: VictimSelector) {
  const { bands } = advise(topology, [{ fault: killNode, victim }]);
  return bands.map(({ metric, fault, roles }) => [metric, fault, roles]);
}

function ids(changes: TopologyChanges): string[] {
  return advise(fakeTopology(changes), []).findings.map(({ id }) => id);
}

test("D1 names the guards' own wait where that is what breaks the promise", () => {
  const d1 = advise(fakeTopology({ guard: { enabled: true, goneAfterMs: 12_000 } }), []).findings.find(
    ({ id }) => id === "D1",
  );
  expect(d1?.truth).toContain("guard.goneAfterMs 12000");
  expect(d1?.mend).toContain("Lower guard.goneAfterMs");
});
