import { describe, expect, it, test } from "vitest";
import type { Topology } from "../model/topology.ts";
import { UsageError } from "../model/errors.ts";
import { checkTopology } from "./check-topology.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { guardedGroups } from "../model/layout.ts";
import { loadScenario } from "./load-scenario.ts";
import { productionPgAutoFailover } from "../../topologies/production-pg-auto-failover.ts";
import { shippedCatalogues } from "./shipped-catalogues.ts";
import { topologyCatalogue } from "../../topologies/catalogue.ts";

describe("a topology with pg_auto_failover in Patroni's place", () => {
  const changed = (changes: Partial<Topology>) =>
    checkTopology({ ...productionPgAutoFailover, ...changes }).map(({ where }) => where);

  it("has standbys and a proxy without any etcd", () => {
    expect(changed({})).toEqual([]);
  });

  it("is refused beside Patroni, with a named synchronous standby, with Citus, and where two listen on one port", () => {
    const { etcd, pgAutoFailover } = productionPgAutoFailover;
    expect(changed({ etcd: { ...etcd, members: 3 } })).toEqual(["pgAutoFailover.enabled"]);
    expect(changed({ coordinators: { members: 3, synchronousMode: "on" } })).toEqual([
      "coordinators.synchronousMode",
    ]);
    expect(changed({ sharding: "citus" })).toEqual(["sharding"]);
    expect(changed({ pgAutoFailover: { ...pgAutoFailover, checkPort: 5432 } })).toEqual([
      "pgAutoFailover.checkPort",
    ]);
  });

  it.each([
    ["configuration-reload", '"reload" needs Patroni'],
    ["throughput-during-rolling-restart", '"rolling-restart" needs Patroni'],
    ["etcd-partition", "it has no etcd"],
  ])("cannot have what is Patroni's or etcd's alone: %s", async (scenario, message) => {
    const request = { topology: "production-pg-auto-failover", set: [], quick: false };
    const error: unknown = await loadScenario(scenario, request, shippedCatalogues).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).problems.map((problem) => problem.message).join(" ")).toContain(message);
  });
});

describe("a leader guard", () => {
  const guarded = (changes: TopologyChanges = {}): readonly string[] =>
    checkTopology(fakeTopology({ ...changes, guard: { enabled: true, ...changes.guard } })).map(
      ({ where, message }) => `${where}: ${message}`,
    );

  test("beside three members of etcd, of synchronous coordinators, is fine", () => {
    expect(guarded()).toEqual([]);
    expect(checkTopology(topologyCatalogue["production-leader-guard"])).toEqual([]);
  });

  test.each<[string, TopologyChanges, RegExp]>([
    ["no Patroni", { etcd: { members: 0 } }, /^guard.enabled: expected false where there is no Patroni/],
    [
      "an even number of members of etcd",
      { etcd: { members: 4 } },
      /^etcd.members: .*a majority of the guards/,
    ],
    ["one member of etcd", { etcd: { members: 1 } }, /^etcd.members: .*at least 3.*found 1/],
    [
      "asynchronous coordinators",
      { coordinators: { synchronousMode: "off" } },
      /^coordinators.synchronousMode: .*found "off"/,
    ],
    [
      "quorum commit",
      { coordinators: { synchronousMode: "quorum" } },
      /^coordinators.synchronousMode: expected "on".*found "quorum"/,
    ],
    [
      "nobody to take over",
      { coordinators: { members: 1, synchronousMode: "on" } },
      /^guard.enabled: .*no standby/,
    ],
    ["too few asks", { guard: { askEveryMs: 1000 } }, /^guard.goneAfterMs: .*at least 4 x.*4000/],
    ["a wait as long as the lease", { guard: { goneAfterMs: 20_000 } }, /^guard.goneAfterMs: .*ttl \(20 s\)/],
  ])("with %s is refused", (_, changes, problem) => {
    expect(guarded(changes)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  test("that is off is asked for nothing", () => {
    expect(checkTopology(fakeTopology({ coordinators: { synchronousMode: "off" } }))).toEqual([]);
  });

  test("leaves out groups that are asynchronous, commit by quorum or have nobody to take over", () => {
    const names = (changes: TopologyChanges): string[] =>
      guardedGroups(fakeTopology({ ...changes, guard: { enabled: true } })).map(({ name }) => name);
    expect(names({})).toEqual(["coordinators"]);
    expect(names({ workers: { groups: 2, synchronousMode: "quorum" } })).toEqual(["coordinators"]);
    expect(names({ workers: { groups: 2, synchronousMode: "on" } })).toEqual([
      "coordinators",
      "worker-1",
      "worker-2",
    ]);
    expect(names({ workers: { groups: 2, synchronousMode: "on", membersPerGroup: 1 } })).toEqual([
      "coordinators",
    ]);
    expect(guardedGroups(fakeTopology()).length).toBe(0);
  });
});
