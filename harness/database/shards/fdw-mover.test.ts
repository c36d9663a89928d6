import { describe, expect, test } from "vitest";
import { layOut } from "../../cluster/components/lay-out.ts";
import type { ClusterWatch } from "../../model/capabilities.ts";
import { fakeFaultTools } from "../../model/capabilities.fake.ts";
import { fakeClock } from "../../model/clock.fake.ts";
import type { EventOf } from "../../model/event.ts";
import type { ShardControl } from "../../model/shards.ts";
import { fakeSqlRunner, sqlFailure } from "../../model/sql-runner.fake.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import type { TableSpec } from "../../model/workload.ts";
import { viewAfter } from "../../observe/client/cluster-view.fake.ts";
import { fdwMover } from "./fdw-mover.ts";

const orders: TableSpec = {
  name: "orders",
  columns: [["tenant_id", "bigint not null"]],
  primaryKey: ["tenant_id"],
  indexes: [{ name: "orders_by_tenant", definition: "(tenant_id)" }],
  distribution: { column: "tenant_id" },
};
const regions: TableSpec = {
  name: "regions",
  columns: [["id", "bigint not null"]],
  primaryKey: ["id"],
  distribution: "reference",
};
const COMMAND_MS = 10_000;
const PASSWORD = "secret-of-clients";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A cluster as far as its catalogue goes: the partitions of `orders` are on the servers that statements have put them on. */
function fakeCluster(
  fails: (statement: string, host: string) => void = () => undefined,
  { membersPerGroup = 1, held = true, tookMs = 5 } = {},
) {
  const topology = fakeTopology({
    workers: { groups: 2, membersPerGroup, shards: 4, spareGroups: 1 },
    postgres: { parameters: { wal_level: "logical" } },
  });
  const layout = layOut(topology);
  const clock = fakeClock();
  const servers = new Set(["worker_1", "worker_2"]);
  const holders = new Map([0, 1, 2, 3].map((shard) => [`orders_p${shard}`, `worker_${(shard % 2) + 1}`]));
  const successors = new Map<string, string>();
  const answer = (statement: string, host: string): Rows => {
    fails(statement, host);
    const server = /CREATE SERVER IF NOT EXISTS (\w+)/.exec(statement)?.[1];
    if (server !== undefined) servers.add(server);
    const dropped = /DROP SERVER IF EXISTS (\w+)/.exec(statement)?.[1];
    if (dropped !== undefined) servers.delete(dropped);
    const made = /CREATE FOREIGN TABLE (orders_p\d)_successor .* SERVER (\w+)/.exec(statement);
    if (made !== null) successors.set(made[1]!, made[2]!);
    const switched = /ALTER FOREIGN TABLE (orders_p\d)_successor RENAME/.exec(statement)?.[1];
    if (switched !== undefined) holders.set(switched, successors.get(switched)!);
    if (statement.startsWith("SELECT srvname AS holder")) return [...servers].map((holder) => ({ holder }));
    if (statement.includes("AS parent, shard.relname"))
      return [...holders].map(([shard, holder]) => ({ parent: "orders", shard, holder }));
    if (statement.startsWith("SELECT relname AS name")) return [{ name: "orders" }, { name: "regions" }];
    if (statement.includes("AS copied")) return [{ copied: 1, tables: 1 }];
    if (statement.includes("AS near")) return [{ near: true }];
    if (statement.includes("AS known")) return [{ known: true }];
    if (statement.includes("AS held")) return [{ held: held || membersPerGroup === 1 }];
    if (statement.includes("AS bytes")) return [{ bytes: "65536" }];
    if (statement.includes("AS locked_ms")) return [{ locked_ms: 12.4, lsn: "0/1" }];
    return [];
  };
  const agent = fakeSqlRunner({ clock, tookMs, answer });
  const moved: EventOf<"shards-moved">[] = [];
  const notes: string[] = [];
  const view = viewAfter(layout);
  const { watch: blind } = fakeFaultTools({ clock, view, behave: () => "works", tookMs: 1 });
  const watch: ClusterWatch = {
    ...blind,
    // Who leads is taken from what is looked at.
    waitUntil: (wait) => (wait.holds(view) ? Promise.resolve(clock.nowUs()) : blind.waitUntil(wait)),
  };
  const shards = fdwMover({
    ...{ topology, layout, agent, watch, clock },
    credentials: { clientPassword: PASSWORD },
    tables: [orders, regions],
    commandMs: COMMAND_MS,
    onEvent: (event) => (event.kind === "note" ? notes.push(event.text) : moved.push(event)),
  });
  const until = async <T>(work: Promise<T>): Promise<T | Error> => {
    const settled = work.catch((error: unknown) => error as Error);
    await clock.run();
    return await settled;
  };
  const spread = (...groups: string[]) =>
    until<unknown>(shards.spreadOver(groups, new AbortController().signal));
  return { agent, clock, moved, notes, shards, spread, until, holders, servers };
}

async function heldBy({ shards, until }: ReturnType<typeof fakeCluster>): Promise<unknown> {
  return await until<Awaited<ReturnType<ShardControl["read"]>>>(shards.read());
}

describe("shards of fdw", () => {
  test("who holds them is read from the live catalogue", async () => {
    expect(await heldBy(fakeCluster())).toEqual({
      inUse: ["worker-1", "worker-2"],
      idle: ["worker-3"],
      shards: { "worker-1": 2, "worker-2": 2 },
      even: true,
    });
  });

  test("a group that is added is known to the coordinators first, with its reference tables, and gets its share", async () => {
    const cluster = fakeCluster();
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(await heldBy(cluster)).toMatchObject({
      inUse: ["worker-1", "worker-2", "worker-3"],
      shards: { "worker-1": 1, "worker-2": 2, "worker-3": 1 },
      even: true,
    });
    expect(cluster.moved).toMatchObject([
      { name: "p2", shards: 1, from: "worker-1", to: "worker-3", bytes: 65_536, lockedMs: 12 },
    ]);
    const { ran } = cluster.agent;
    const at = (words: string): number => {
      const found = ran.findIndex((line) => line.includes(words));
      expect(found, words).toBeGreaterThanOrEqual(0);
      return found;
    };
    const order = [
      "worker-3a:5432 CREATE TABLE IF NOT EXISTS regions",
      "coordinator-1:5432 CREATE SERVER IF NOT EXISTS worker_3",
      "INSERT INTO regions_at_worker_3 SELECT * FROM regions",
      "worker-3a:5432 CREATE TABLE IF NOT EXISTS orders_p2",
      "worker-1a:5432 CREATE PUBLICATION dpg_move_2 FOR TABLE orders_p2",
      "worker-3a:5432 CREATE SUBSCRIPTION dpg_move_2",
      "CREATE INDEX IF NOT EXISTS orders_by_tenant_p2 ON orders_p2",
      "ALTER TABLE orders ATTACH PARTITION orders_p2 FOR VALUES WITH (MODULUS 4, REMAINDER 2)",
      "worker-3a:5432 DROP SUBSCRIPTION IF EXISTS dpg_move_2",
      "worker-1a:5432 DROP TABLE IF EXISTS orders_p2",
    ].map(at);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test("old shards are dropped once a standby of their new home has them too", async () => {
    const cluster = fakeCluster(undefined, { membersPerGroup: 2 });
    await cluster.spread("worker-1", "worker-2", "worker-3");
    const { ran } = cluster.agent;
    const asked = ran.findIndex((line) => line.includes("worker-3a") && line.includes("AS held"));
    expect(asked).toBeGreaterThan(ran.findIndex((line) => line.includes("ATTACH PARTITION")));
    expect(ran.findIndex((line) => line.includes("worker-1a:5432 DROP TABLE"))).toBeGreaterThan(asked);
    expect(cluster.notes).toEqual([]);
  });

  test("a standby that does not come is waited for within the budget of an answer, and told", async () => {
    const cluster = fakeCluster(undefined, { membersPerGroup: 2, held: false });
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(cluster.clock.nowUs()).toBeLessThan(2 * COMMAND_MS * 1000);
    expect(cluster.moved).toHaveLength(1);
    expect(cluster.agent.ran.some((line) => line.includes("worker-1a:5432 DROP TABLE"))).toBe(true);
    expect(cluster.notes).toEqual([
      expect.stringMatching(/no standby has the new ones.*standby of worker-3.*commandSeconds \(10 s\)/),
    ]);
  });

  test("old shards of a switch whose answer was lost are not swept away before a standby has the new ones", async () => {
    let lost = false;
    const cluster = fakeCluster(
      (statement) => {
        if (lost || !statement.includes("AS locked_ms")) return;
        lost = true;
        throw sqlFailure(statement, "08006");
      },
      { membersPerGroup: 2 },
    );
    await cluster.spread("worker-1", "worker-2", "worker-3");
    const { ran } = cluster.agent;
    const asked = ran.findIndex((line) => line.includes("worker-3a") && line.includes("AS held"));
    expect(asked).toBeGreaterThan(0);
    expect(
      ran.findIndex(
        (line) => line.includes("worker-1a:5432") && line.includes("DROP TABLE IF EXISTS orders_p2"),
      ),
    ).toBeGreaterThan(asked);
  });

  test("a group that goes is out of use once it holds nothing", async () => {
    const cluster = fakeCluster();
    await cluster.spread("worker-2");
    expect(await heldBy(cluster)).toMatchObject({
      inUse: ["worker-2"],
      idle: ["worker-1", "worker-3"],
      shards: { "worker-2": 4 },
    });
    const { ran } = cluster.agent;
    const lastSwitch = ran.findLastIndex((line) => line.includes("ATTACH PARTITION"));
    expect(ran.findIndex((line) => line.includes("DROP SERVER IF EXISTS worker_1"))).toBeGreaterThan(
      lastSwitch,
    );
  });

  test("a lock that somebody else has is tried again, and all the others are let pass meanwhile", async () => {
    let tries = 0;
    const cluster = fakeCluster(
      (statement) => {
        if (statement.includes("ATTACH PARTITION") && ++tries < 3) throw sqlFailure(statement, "55P03");
      },
      { tookMs: 400 },
    );
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(tries).toBe(3);
    // A try that was given up has held up longer than the one that succeeded.
    expect(cluster.moved).toMatchObject([{ lockedMs: 400 }]);
  });

  test("a move that fails once is taken back, and done anew", async () => {
    let failed = false;
    const cluster = fakeCluster((statement) => {
      if (failed || !statement.includes("AS near")) return;
      failed = true;
      throw sqlFailure(statement, "42704", "its slot is gone");
    });
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(cluster.moved).toHaveLength(1);
    const subscribed = cluster.agent.ran.filter((line) => line.includes("CREATE SUBSCRIPTION"));
    expect(subscribed).toHaveLength(2);
  });

  test("a move that fails once it has been switched is told: what is left of it is swept, not moved again", async () => {
    let failed = false;
    const cluster = fakeCluster((statement) => {
      if (failed || !statement.includes("DROP SUBSCRIPTION")) return;
      failed = true;
      throw sqlFailure(statement, "57P01");
    });
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(failed).toBe(true);
    expect(cluster.moved).toMatchObject([{ name: "p2", shards: 1, bytes: 65_536, lockedMs: 12 }]);
    expect(await heldBy(cluster)).toMatchObject({ shards: { "worker-3": 1 }, even: true });
  });

  test("a switch whose answer was lost is told once the catalogue says that it was done, and is not done again", async () => {
    let lost = false;
    const cluster = fakeCluster((statement) => {
      if (lost || !statement.includes("AS locked_ms")) return;
      lost = true;
      throw sqlFailure(statement, "08006");
    });
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeUndefined();
    expect(lost).toBe(true);
    expect(cluster.moved).toMatchObject([{ name: "p2", to: "worker-3", bytes: 65_536, lockedMs: null }]);
    expect(cluster.agent.ran.filter((line) => line.includes("CREATE SUBSCRIPTION"))).toHaveLength(1);
  });

  test("a switch that was refused is not told", async () => {
    const cluster = fakeCluster((statement) => {
      if (statement.includes("ATTACH PARTITION")) throw sqlFailure(statement, "42501");
    });
    expect(await cluster.spread("worker-1", "worker-2", "worker-3")).toBeInstanceOf(Error);
    await cluster.until(cluster.shards.cleanUp());
    expect(cluster.moved).toEqual([]);
  });

  test("a worker that does not come back ends it within the budget of an answer, with its name; its shards stay", async () => {
    const cluster = fakeCluster((statement, host) => {
      if (host === "worker-3a" && !statement.includes("regions"))
        throw sqlFailure(statement, "CONNECT_TIMEOUT");
    });
    const failure = await cluster.spread("worker-1", "worker-2", "worker-3");
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        /p?2 .*worker-1 to worker-3.*budgets\.commandSeconds \(10 s\)/,
      ) as string,
    });
    expect(cluster.clock.nowUs()).toBeLessThan(5 * COMMAND_MS * 1000);
    expect(cluster.moved).toEqual([]);
    expect(await heldBy(cluster)).toMatchObject({ shards: { "worker-1": 2, "worker-2": 2 } });
  });

  test("a password is in no error", async () => {
    const cluster = fakeCluster((statement) => {
      if (statement.includes("CREATE SUBSCRIPTION")) throw sqlFailure(statement, "42501");
    });
    const failure = await cluster.spread("worker-1", "worker-2", "worker-3");
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).not.toContain(PASSWORD);
  });

  test("cleaning up drops no shard where it lives, and waits for a switch whose end nobody told", async () => {
    const cluster = fakeCluster();
    await cluster.until(cluster.shards.cleanUp());
    const { ran } = cluster.agent;
    expect(ran[0]).toContain("coordinator-1:5432 SELECT pg_advisory_xact_lock");
    const dropped = (host: string) =>
      ran.flatMap((line) =>
        line.startsWith(host) ? (/DROP TABLE IF EXISTS (\w+)/.exec(line)?.[1] ?? []) : [],
      );
    expect(dropped("worker-1a")).toEqual(["orders_p1", "orders_p3"]);
    expect(dropped("worker-2a")).toEqual(["orders_p0", "orders_p2"]);
    expect(dropped("worker-3a")).toEqual(["orders_p0", "orders_p1", "orders_p2", "orders_p3"]);
  });
});
