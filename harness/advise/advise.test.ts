import { describe, expect, test } from "vitest";
import type { FaultDescription } from "../model/fault.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { productionAsDocumented } from "../../topologies/production-as-documented.ts";
import { production } from "../../topologies/production.ts";
import { advise } from "./advise.ts";

const killNode: FaultDescription = {
  name: "kill-node",
  title: "Kill the node",
  mechanism: "SIGKILL of the container",
  why: "power loss",
  failureClass: "node-loss",
  needsPatroni: false,
  healing: "after-recovery",
};

test("production can still not promise 10 s for node loss, and nothing else is wrong with it", () => {
  expect(ids({})).toEqual(["D1"]);
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
    ["D11", "pools are larger than a worker's max_connections", { postgres: { maxConnections: 299 } }],
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
  expect(advise(development, [killNode])).toEqual({ timing: null, bands: [], findings: [] });
});

test("the shipped topologies show what the documentation of the checks says of them", () => {
  expect(advise(production, []).findings.map(({ id }) => id)).toEqual(["D1"]);
  const documented = advise(productionAsDocumented, []).findings.map(({ id }) => id);
  expect(documented).toEqual(expect.arrayContaining(["D1", "D2", "D5", "D6", "D7", "RPO"]));
});

test("there is one band per fault, named after it", () => {
  const { bands } = advise(fakeTopology(), [killNode]);
  expect(bands.map(({ fault, failureClass }) => [fault, failureClass])).toEqual([["kill-node", "node-loss"]]);
});

test("D1 names what Patroni changes of a 5 s heartbeat", () => {
  const d1 = advise(fakeTopology({ patroni: { ttl: 5 } }), []).findings.find(({ id }) => id === "D1");
  expect(d1?.truth).toContain("ttl 5 s is raised to Patroni's floor of 20 s");
});

function ids(changes: TopologyChanges): string[] {
  return advise(fakeTopology(changes), []).findings.map(({ id }) => id);
}
