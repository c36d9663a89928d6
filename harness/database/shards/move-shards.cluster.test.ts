import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { production } from "../../../topologies/production.ts";
import { bringUpForTest, runAsClient } from "../../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../../conduct/bring-up-cluster.ts";
import type { EventOf } from "../../model/event.ts";
import type { Topology } from "../../model/topology.ts";
import { systemClock } from "../../support/system-clock.ts";
import { expectAll, keepWriting } from "./keep-writing.fake.ts";
import { findWorkload } from "../../workloads/catalogue.ts";

const clock = systemClock();
const { signal } = new AbortController();
/** Short, since one test waits for it. */
const COMMAND_MS = 8_000;
const ROWS = 5000;

const topology: Topology = {
  ...production,
  etcd: { ...production.etcd, members: 1 },
  coordinators: { members: 2, synchronousMode: "on" },
  workers: {
    groups: 2,
    membersPerGroup: 1,
    shards: 6,
    synchronousMode: "off",
    spareGroups: 1,
    readFromStandbys: false,
  },
  postgres: {
    ...production.postgres,
    parameters: { ...production.postgres.parameters, wal_level: "logical" },
  },
};

let cluster: RunningCluster;
const moved: EventOf<"shards-moved">[] = [];

type Rows = readonly Readonly<Record<string, unknown>>[];

const sql = (...statements: string[]): Promise<Rows> => runAsClient(cluster, statements);

async function onNode(host: string, ...statements: string[]): Promise<Rows> {
  const at = { host, port: topology.postgres.port };
  return await cluster.agent.run({ at, database: topology.postgres.database, statements, budgetMs: 30_000 });
}

/** Nothing of a move is left anywhere. */
async function expectNothingLeft(): Promise<void> {
  for (const host of ["worker-1a", "worker-2a", "worker-3a"]) {
    const [left] = await onNode(
      host,
      "select (select count(*)::int from pg_subscription) as subscriptions, " +
        "(select count(*)::int from pg_publication) as publications, " +
        "(select count(*)::int from pg_replication_slots where slot_type = 'logical') as slots",
    );
    expect({ host, ...left }).toEqual({ host, subscriptions: 0, publications: 0, slots: 0 });
  }
  const [coordinators] = await sql(
    "select count(*)::int as successors from pg_class where relname like '%successor'",
  );
  expect(coordinators).toEqual({ successors: 0 });
}

describe("shards of fdw", () => {
  beforeAll(async () => {
    cluster = await bringUpForTest(topology, {
      runId: "move-shards-test",
      workload: findWorkload("point-select", { distributed: 1, rows: ROWS })!,
      budgets: { readyMs: 90_000, commandMs: COMMAND_MS },
      clock,
      signal,
      onEvent: (event) => {
        if (event.kind === "shards-moved") moved.push(event);
      },
    });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test("the spare group holds none at first", async () => {
    expect(await cluster.tools.shards.read()).toEqual({
      inUse: ["worker-1", "worker-2"],
      idle: ["worker-3"],
      shards: { "worker-1": 3, "worker-2": 3 },
      even: true,
    });
  });

  test("a group that is added gets its share while rows are written, and none is lost or doubled", async () => {
    const { shards } = cluster.tools;
    const before = (await sql("select sum(version)::int as versions from point_select"))[0]!;
    const writing = keepWriting(sql, { rows: ROWS, firstId: 100_001 });
    await shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal);
    const acknowledged = await writing.end();
    expect(writing.failures).toEqual([]);
    expect(acknowledged).not.toEqual([]);
    expect(await shards.read()).toMatchObject({
      idle: [],
      shards: { "worker-1": 2, "worker-2": 2, "worker-3": 2 },
      even: true,
    });
    await expectAll(sql, acknowledged);
    const [after] = await sql("select sum(version)::int as versions from point_select");
    expect(Number(after!.versions) - Number(before.versions)).toBe(acknowledged.length);
    expect(moved.map(({ from, to }) => `${from} to ${to}`).sort()).toEqual([
      "worker-1 to worker-3",
      "worker-2 to worker-3",
    ]);
    expect(
      moved.every(({ bytes, shards: count, lockedMs }) => bytes > 8192 && count === 1 && lockedMs !== null),
    ).toBe(true);
    const [here] = await onNode(
      "worker-3a",
      `select count(*)::int as rows from point_select_${moved[0]!.name}`,
    );
    expect(here!.rows).toBeGreaterThan(0);
    await expectNothingLeft();
  });

  test("a worker that freezes while it is to get shards ends the move within its budget, and nothing is lost", async () => {
    const { shards, nodes } = cluster.tools;
    await shards.spreadOver(["worker-1", "worker-2"], signal);
    expect((await shards.read()).idle).toEqual(["worker-3"]);
    const writing = keepWriting(sql, { rows: ROWS, firstId: 200_001 });
    await nodes.pause("worker-3a");
    await expect(shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal)).rejects.toThrow(/worker-3/);
    await nodes.resume("worker-3a");
    await expect
      .poll(
        () =>
          shards.cleanUp().then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    await expectNothingLeft();
    await shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal);
    const acknowledged = await writing.end();
    expect(writing.failures).toEqual([]);
    await expectAll(sql, acknowledged);
    expect(await shards.read()).toMatchObject({ even: true, idle: [] });
    await expectNothingLeft();
  });
});
