import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { development } from "../../topologies/development.ts";
import { production } from "../../topologies/production.ts";
import { bringUpForTest, prepareForTest, runAsClient } from "../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../conduct/bring-up-cluster.ts";
import { checkInvariants } from "../conduct/check-invariants.ts";
import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { connectEngine } from "../runtime/docker/engine.ts";
import { runInContainer } from "../runtime/docker/run-in-container.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { InvariantReading } from "../model/stage.ts";
import type { Topology } from "../model/topology.ts";
import type { OperationCount, Workload, WorkloadOperation } from "../model/workload.ts";
import { systemClock } from "../support/system-clock.ts";
import {
  findWorkload,
  parameterDefaults,
  workloadCatalogue,
  type WorkloadName,
} from "../workloads/catalogue.ts";
import { drawVariables, valuesOf, type Value } from "../workloads/draw-values.ts";
import { quietProgress } from "../model/progress.fake.ts";

const clock = systemClock();
const { signal } = new AbortController();
const TIMES = 5;

let cluster: RunningCluster;

async function bringUp(topology: Topology): Promise<void> {
  cluster = await bringUpForTest(topology, { runId: "prepare-test", clock, signal });
}

/** Fills the workload's tables; what was told meanwhile. */
async function prepare(workload: Workload): Promise<readonly string[]> {
  const details: string[] = [];
  const progress = { ...quietProgress, detail: (text: string) => void details.push(text) };
  await prepareForTest(cluster, workload, progress);
  return details;
}

const sql = (...statements: string[]) => runAsClient(cluster, statements);

/** Runs every operation a few times, and checks what must be true after exactly that. */
async function operate(workload: Workload): Promise<readonly InvariantReading[]> {
  const counts: Record<string, OperationCount> = {};
  for (const operation of workload.operations) {
    for (let id = 1; id <= TIMES; id += 1) await run(operation, id);
    counts[operation.name] = { ok: TIMES, failed: 0, unknown: 0 };
  }
  return await check(workload, counts);
}

async function check(
  workload: Workload,
  counts: Readonly<Record<string, OperationCount>>,
): Promise<readonly InvariantReading[]> {
  const operated = { counts, told: [], brokenOff: null };
  return await checkInvariants({ ...cluster, ...operated, workload, variant: "", clock, signal });
}

async function run(operation: WorkloadOperation, id: number): Promise<void> {
  const { form, statements, variables, name, rows } = operation;
  const drawn = drawVariables(variables, id, seededRandom(id, name));
  if (form === "copy") {
    const line = valuesOf(statements[0]!, drawn).join("\t");
    // As text: that the engine's bytes are those of the binary format has tests of its own.
    await copy(
      statements[0]!.sql.replace(" (format binary)", ""),
      Array.from({ length: rows }, () => line),
    );
    return;
  }
  const texts = statements.map((statement) => {
    const values = valuesOf(statement, drawn);
    return statement.sql.replaceAll(/\$(\d+)/g, (_, at: string) => literal(values[Number(at) - 1]!));
  });
  await sql(...(form === "transaction" ? ["begin", ...texts, "commit"] : texts));
}

function literal(value: Value): string {
  return typeof value === "number" ? `(${value})` : `'${value.replaceAll("'", "''")}'`;
}

async function copy(statement: string, lines: readonly string[]): Promise<void> {
  const engine = await connectEngine();
  const script = `psql -qX -v ON_ERROR_STOP=1 bench -c '${statement}' <<'END'\n${lines.join("\n")}\nEND`;
  await runInContainer(engine.getContainer(`dpg-bench-${cluster.id}-coordinator-1`), {
    what: "copy rows",
    command: ["bash", "-c", script],
    user: "postgres",
    budgetMs: 30_000,
  });
}

function broken(readings: readonly InvariantReading[]): readonly InvariantReading[] {
  return readings.filter(({ found, atLeast, atMost }) => found === null || found < atLeast || found > atMost);
}

async function bytesOf({ tables }: Workload): Promise<number> {
  const sizes = tables.map(({ name }) => `pg_total_relation_size('${name}')`);
  const [row] = await sql(`select ${sizes.join(" + ")} as bytes`);
  return Number(row!.bytes);
}

describe("one PostgreSQL", () => {
  beforeAll(() => bringUp(development));
  afterAll(() => cluster[Symbol.asyncDispose]());

  const small: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    "tpcb-like": { scale: 1 },
    "long-analytics": { rows: 100_000 },
    "bulk-load": { rowsPerCopy: 100 },
    "vector-bulk-load": { rowsPerCopy: 10 },
  };
  const workloads = Object.keys(workloadCatalogue).map(
    (name) => [name, findWorkload(name, small[name])!] as const,
  );

  test.each(workloads)(
    "%s: is as large as it says, its operations run, and what it says of them is true",
    async (_name, workload) => {
      await prepare(workload);
      if (workload.dataBytes > 0) {
        const ratio = (await bytesOf(workload)) / workload.dataBytes;
        expect(ratio).toBeGreaterThan(0.8);
        expect(ratio).toBeLessThan(1.2);
      }
      expect(broken(await operate(workload))).toEqual([]);
    },
  );

  test("a row that is gone, or one too many, is found", async () => {
    const insert = findWorkload("insert")!;
    const counts = { insert: { ok: TIMES, failed: 0, unknown: 0 } };
    await sql("delete from inserts where id = 3");
    expect(broken(await check(insert, counts))).toMatchObject([{ found: 4, atLeast: 5, atMost: 5 }]);
    await sql(
      "insert into inserts select number, 0, repeat('a', 100) from generate_series(1000, 1001) as number",
    );
    expect(broken(await check(insert, counts))).toMatchObject([{ found: 6, atLeast: 5, atMost: 5 }]);
    await sql("update pgbench_branches set bbalance = bbalance + 1 where bid = 1");
    const tpcb = findWorkload("tpcb-like", { scale: 1 })!;
    expect(broken(await check(tpcb, { transaction: { ok: TIMES, failed: 0, unknown: 0 } }))).toMatchObject([
      { title: "the balances of accounts and branches are equal", found: -1 },
    ]);
  });

  test("data that was only read is used again; data that was written to, or for other values, is filled anew", async () => {
    const select = findWorkload("point-select")!;
    expect(await prepare(select)).toEqual(["point-select is filled already"]);
    const updates = findWorkload("update-one")!;
    expect(await prepare(updates)).toContain("dropping other data of update-one");
    expect(broken(await check(updates, {}))).toEqual([]);
    const fewer = findWorkload("point-select", { rows: 1000 })!;
    expect(await prepare(fewer)).toContain("filling point-select: 1 of 1");
    expect(broken(await check(fewer, {}))).toEqual([]);
  });

  test("tables are vacuumed and analyzed, and what was written is checkpointed", async () => {
    const [table] = await sql(
      "select last_vacuum is not null and last_analyze is not null as settled from pg_stat_user_tables where relname = 'point_select'",
    );
    const [checkpoints] = await sql("select num_requested > 0 as requested from pg_stat_checkpointer");
    expect([table, checkpoints]).toEqual([{ settled: true }, { requested: true }]);
  });

  test.each([
    ["a mistake in a statement", "insert into nowhere select 1", "42P01"],
    ["a constraint that is violated", "insert into broken (id) values (null)", "23502"],
  ])("%s ends filling at once, and is named", async (_what, statement, code) => {
    const workload: Workload = {
      ...findWorkload("insert")!,
      name: "broken",
      tables: [
        {
          name: "broken",
          columns: [["id", "bigint not null"]],
          primaryKey: ["id"],
          distribution: "local",
        },
      ],
      seed: ["insert into broken select 1 on conflict do nothing", statement],
    };
    await expect(prepare(workload)).rejects.toMatchObject({
      code: "cluster-not-prepared",
      message: expect.stringMatching(
        `fill broken \\(statement 2 of 2\\).*"${statement.replaceAll(/[()]/g, "\\$&")}", got ${code}`,
      ) as string,
    });
  });
});

describe("tables spread over worker groups", () => {
  beforeAll(() =>
    bringUp({
      ...production,
      etcd: { ...production.etcd, members: 1 },
      coordinators: { members: 1, synchronousMode: "off" },
      workers: {
        groups: 2,
        membersPerGroup: 1,
        shards: 4,
        synchronousMode: "off",
        spareGroups: 0,
        readFromStandbys: false,
      },
    }),
  );
  afterAll(() => cluster[Symbol.asyncDispose]());

  test.each(["point-select", "insert"])(
    "%s: distributed after it was not, its operations run, and what it says of them is true",
    async (name) => {
      await prepare(findWorkload(name, { distributed: 0 })!);
      const workload = findWorkload(name, { distributed: 1 })!;
      expect(await prepare(workload)).toContain(`dropping other data of ${name}`);
      expect(broken(await operate(workload))).toEqual([]);
      const [{ partitions } = {}] = await sql(
        `select count(*)::int as partitions from pg_inherits where inhparent = '${workload.tables[0]!.name}'::regclass`,
      );
      expect(partitions).toBe(4);
    },
  );

  const spread = Object.keys(workloadCatalogue)
    .map((name) =>
      findWorkload(name, {
        ...parameterDefaults(workloadCatalogue[name as WorkloadName]),
        tenants: 20,
        allTenants: 1,
      })!,
    )
    .filter(({ tables }) => tables.some(({ distribution }) => typeof distribution === "object"))
    .map((workload) => [workload.name, workload] as const);

  test.each(spread)("%s: its operations run, and what it says of them is true", async (_name, workload) => {
    await prepare(workload);
    expect(broken(await operate(workload))).toEqual([]);
  });

  test("a transfer that is there by half is found, and named", async () => {
    const transfers = findWorkload("cross-shard-transfer", { tenants: 20, accountsPerTenant: 1 })!;
    await prepare(transfers);
    await sql(
      "insert into bank_debits (tenant_id, id, amount) values (3, 17, 5), (4, 18, 6)",
      "insert into bank_credits (tenant_id, id, amount) values (13, 18, 6), (14, 19, 7)",
    );
    expect(broken(await check(transfers, { transfer: { ok: 2, failed: 0, unknown: 0 } }))).toMatchObject([
      {
        found: 2,
        evidence:
          "transfer 17: debit of tenant 3 without its credit; transfer 19: credit of tenant 14 without its debit.",
      },
    ]);
  });

  test("every key is said to be where its row is, and every shard has a holder", async () => {
    const { placement } = shardingCatalogue.fdw;
    const [table] = findWorkload("point-select", { distributed: 1 })!.tables;
    await prepare(findWorkload("point-select", { distributed: 1, rows: 100 })!);
    const shards = await sql(placement.shards(table!));
    expect(shards.map(({ holder }) => placement.groupOf(String(holder), cluster.layout)).sort()).toEqual([
      ...["worker-1", "worker-1", "worker-2", "worker-2"],
    ]);
    const keys = Array.from({ length: 100 }, (_, index) => index + 1);
    const said = await sql(placement.keys(table!, keys));
    const found = await sql(
      `select id as key, srvname as holder from ${table!.name}
       join pg_foreign_table on ftrelid = ${table!.name}.tableoid join pg_foreign_server on pg_foreign_server.oid = ftserver`,
    );
    const sorted = (rows: typeof said) =>
      rows.map(({ key, holder }) => `${Number(key)} ${String(holder)}`).sort();
    expect(said).toHaveLength(100);
    expect(sorted(said)).toEqual(sorted(found));
  });

  test("a reference table has the same rows in every worker group, whatever wrote them", async () => {
    const table = {
      name: "regions",
      columns: [
        ["id", "integer not null"],
        ["title", "text not null"],
      ],
      primaryKey: ["id"],
      distribution: "reference",
    } as const;
    const workload = { ...findWorkload("insert")!, name: "regions", tables: [table] };
    await prepare({
      ...workload,
      operations: [],
      invariants: [],
      seed: [
        "insert into regions select id, 'region ' || id from generate_series(1, 10) as id on conflict do nothing",
      ],
    });
    await sql("update regions set title = 'renamed' where id <= 3", "delete from regions where id > 8");
    const rows = async (name: string) => await sql(`select id, title from ${name} order by id`);
    const own = await rows("regions");
    expect(own.map(({ title }) => title)).toEqual([
      ...["renamed", "renamed", "renamed"],
      ...["region 4", "region 5", "region 6", "region 7", "region 8"],
    ]);
    expect(await rows("regions_at_worker_1")).toEqual(own);
    expect(await rows("regions_at_worker_2")).toEqual(own);
  });
});
