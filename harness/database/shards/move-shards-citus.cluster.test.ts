import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { production } from "../../../topologies/production.ts";
import { whyNoCitus } from "../../cluster/sharding/citus-image.fake.ts";
import { bringUpForTest, runAsClient } from "../../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../../conduct/bring-up-cluster.ts";
import type { EventOf } from "../../model/event.ts";
import type { Topology } from "../../model/topology.ts";
import { systemClock } from "../../support/system-clock.ts";
import { findWorkload } from "../../workloads/catalogue.ts";
import { expectAll, keepWriting } from "./keep-writing.fake.ts";

const clock = systemClock();
const { signal } = new AbortController();
const ROWS = 2000;

const topology: Topology = {
  ...production,
  sharding: "citus",
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
};

const refusal = await whyNoCitus("moving Citus' shards");

let cluster: RunningCluster;
const moved: EventOf<"shards-moved">[] = [];

const sql = (...statements: string[]) => runAsClient(cluster, statements);

describe.skipIf(refusal !== null)("shards of Citus", () => {
  beforeAll(async () => {
    cluster = await bringUpForTest(topology, {
      runId: "move-shards-citus-test",
      workload: findWorkload("point-select", { distributed: 1, rows: ROWS })!,
      budgets: { readyMs: 120_000, commandMs: 20_000 },
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
    const writing = keepWriting(sql, { rows: ROWS, firstId: 100_001 });
    await shards.cleanUp();
    await shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal);
    const acknowledged = await writing.end();
    expect(writing.failures).toEqual([]);
    expect(await shards.read()).toMatchObject({
      idle: [],
      shards: { "worker-1": 2, "worker-2": 2, "worker-3": 2 },
      even: true,
    });
    await expectAll(sql, acknowledged);
    expect(moved.map(({ from, to }) => `${from} to ${to}`).sort()).toEqual([
      "worker-1 to worker-3",
      "worker-2 to worker-3",
    ]);
    expect(moved.every(({ bytes }) => bytes > 8192)).toBe(true);
  });

  test("a group is drained, and the rows that it held are elsewhere", async () => {
    const { shards } = cluster.tools;
    await shards.spreadOver(["worker-1", "worker-3"], signal);
    expect(await shards.read()).toMatchObject({
      inUse: ["worker-1", "worker-3"],
      idle: ["worker-2"],
      shards: { "worker-1": 3, "worker-3": 3 },
      even: true,
    });
    const [{ rows } = {}] = await sql(`select count(*)::int as rows from point_select where id <= ${ROWS}`);
    expect(rows).toBe(ROWS);
  });

  test("a worker that freezes while it is to get shards ends the move, and it is done once the worker is back", async () => {
    const { shards, nodes } = cluster.tools;
    const writing = keepWriting(sql, { rows: ROWS, firstId: 200_001 });
    await nodes.pause("worker-2a");
    await expect(shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal)).rejects.toThrow();
    await nodes.resume("worker-2a");
    await expect
      .poll(
        () =>
          shards.cleanUp().then(
            () => true,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
    await shards.spreadOver(["worker-1", "worker-2", "worker-3"], signal);
    await expectAll(sql, await writing.end());
    expect(await shards.read()).toMatchObject({ even: true, idle: [] });
  });
});
