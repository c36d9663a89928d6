import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { production } from "../../../topologies/production.ts";
import { bringUpForTest, runAsClient } from "../../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../../conduct/bring-up-cluster.ts";
import { prepareDatabases } from "../../database/prepare-databases.ts";
import type { Topology } from "../../model/topology.ts";
import type { Workload } from "../../model/workload.ts";
import { systemClock } from "../../support/system-clock.ts";
import { findWorkload } from "../../workloads/catalogue.ts";
import { whyNoCitus } from "./citus-image.fake.ts";
import { citus } from "./citus.ts";
import { quietProgress } from "../../model/progress.fake.ts";

const clock = systemClock();
const { signal } = new AbortController();
const READY_MS = 90_000;

const topology: Topology = {
  ...production,
  etcd: { ...production.etcd, members: 1 },
  coordinators: { members: 2, synchronousMode: "on" },
  workers: {
    groups: 2,
    membersPerGroup: 2,
    shards: 4,
    synchronousMode: "off",
    spareGroups: 0,
    readFromStandbys: false,
  },
  sharding: "citus",
};

const refusal = await whyNoCitus("citus");

let cluster: RunningCluster;

function bringUp(): Promise<RunningCluster> {
  return bringUpForTest(topology, { runId: "citus-test", clock, signal });
}

type Rows = readonly Readonly<Record<string, unknown>>[];

const sql = (...statements: string[]): Promise<Rows> => runAsClient(cluster, statements);

async function prepare(workload: Workload): Promise<void> {
  await prepareDatabases({
    ...cluster,
    workload,
    progress: quietProgress,
    onEvent: () => undefined,
    clock,
    signal,
    remainingMs: () => READY_MS,
  });
}

test.runIf(refusal !== null)(
  "a node image without Citus is refused before a container is started",
  async () => {
    await expect(bringUp()).rejects.toMatchObject({
      code: "extension-missing",
      exitCode: 69,
      hint: expect.stringContaining("setup --base IMAGE") as string,
    });
  },
);

describe.skipIf(refusal !== null)("a Citus cluster under Patroni", () => {
  beforeAll(async () => {
    cluster = await bringUp();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test("every key is said to be where its row is, and each worker group holds as many shards", async () => {
    const workload = findWorkload("point-select", { distributed: 1, rows: 100 })!;
    await prepare(workload);
    const [table] = workload.tables;
    const shards = await sql(citus.placement.shards(table!));
    expect(
      shards.map(({ holder }) => citus.placement.groupOf(String(holder), cluster.layout)).sort(),
    ).toEqual(["worker-1", "worker-1", "worker-2", "worker-2"]);
    const keys = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const { key, holder } of await sql(citus.placement.keys(table!, keys))) {
      const group = citus.placement.groupOf(String(holder), cluster.layout)!;
      const host = cluster.watch.view().leaders[group]!;
      const shard = `select get_shard_id_for_distribution_column('${table!.name}', ${Number(key)}::bigint) as id`;
      const [{ id } = {}] = await sql(shard);
      const [{ found } = {}] = await cluster.agent.run({
        at: { host, port: topology.postgres.port },
        database: topology.postgres.database,
        statements: [
          "set citus.override_table_visibility to off",
          `select count(*)::int as found from ${table!.name}_${Number(id)} where id = ${Number(key)}`,
        ],
        budgetMs: 30_000,
      });
      expect(found).toBe(1);
    }
  });

  test("a reference table has a copy on every node, and joins with a distributed one", async () => {
    const regions = {
      name: "regions",
      columns: [["id", "bigint not null"]],
      primaryKey: ["id"],
      distribution: "reference",
    } as const;
    const workload = findWorkload("point-select", { distributed: 1, rows: 100 })!;
    await prepare({
      ...workload,
      name: "regions",
      tables: [regions],
      seed: ["insert into regions select generate_series(1, 10) on conflict do nothing"],
      operations: [],
      invariants: [],
    });
    const placements = await sql(citus.placement.shards(regions));
    expect(placements.map(({ holder }) => holder).sort()).toEqual(["0", "1", "2"]);
    const [{ joined } = {}] = await sql(
      "select count(*)::int as joined from point_select join regions using (id)",
    );
    expect(joined).toBe(10);
  });

  test("the limits of Citus that findings name are those of the live catalogue", async () => {
    const [limits] = await sql(
      "select current_setting('citus.max_worker_nodes_tracked') as nodes, boot_val as shards, max_val as most " +
        "from pg_settings where name = 'citus.shard_count'",
    );
    expect(limits).toEqual({ nodes: "2048", shards: "32", most: "64000" });
  });

  test("after a switchover of a worker, distributed writes reach its new primary", async () => {
    const { watch, tools } = cluster;
    const leader = watch.view().leaders["worker-1"]!;
    const candidate = leader === "worker-1a" ? "worker-1b" : "worker-1a";
    await tools.patroni.switchover({ group: "worker-1", leader, candidate });
    await watch.waitUntil({
      what: `${candidate} to lead worker-1`,
      holds: (view) => view.leaders["worker-1"] === candidate,
      budgetMs: 30_000,
    });
    await expect
      .poll(() => sql("select nodename from pg_dist_node where groupid = 1 and noderole = 'primary'"), {
        timeout: 20_000,
      })
      .toEqual([{ nodename: candidate }]);
    const [{ written } = {}] = await sql(
      "with written as (update point_select set version = version + 1 returning 1) select count(*)::int as written from written",
    );
    expect(written).toBe(100);
  });
});
