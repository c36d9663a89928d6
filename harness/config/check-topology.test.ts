import { describe, expect, it } from "vitest";
import { productionPgAutoFailover } from "../../topologies/production-pg-auto-failover.ts";
import { UsageError } from "../model/errors.ts";
import type { Topology } from "../model/topology.ts";
import { checkTopology } from "./check-topology.ts";
import { loadScenario } from "./load-scenario.ts";
import { shippedCatalogues } from "./shipped-catalogues.ts";

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
