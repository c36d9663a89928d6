import { afterAll, beforeAll, expect, test } from "vitest";
import { highAvailability } from "../../topologies/high-availability.ts";
import { copies } from "../check/copies.ts";
import { bringUpForTest } from "../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../conduct/bring-up-cluster.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { CopyReading } from "../model/copy-answers.ts";
import type { CopyMeasurement } from "../model/measurement.ts";
import { COORDINATORS, clientEndpoints } from "../model/layout.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { systemClock } from "../support/system-clock.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { applySettings } from "./apply-settings.ts";
import { readCopies } from "./read-copies.ts";

const clock = systemClock();
const { signal } = new AbortController();
const QUERIES = 20;

const topology = {
  ...highAvailability,
  etcd: { ...highAvailability.etcd, members: 1 },
  coordinators: { members: 2, synchronousMode: "on" },
} as const;

const workload = findWorkload("vector-knn", {
  rows: 3000,
  dimension: 16,
  queries: QUERIES,
  k: 5,
  efSearch: 5,
})!;

let cluster: RunningCluster;
let before: readonly CopyReading[];

beforeAll(async () => {
  cluster = await bringUpForTest(topology, { runId: "copies-test", workload, clock, signal });
  await applySettings(workload, { ...cluster, clock, signal });
  before = await read(null);
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function read(injection: number | null): Promise<readonly CopyReading[]> {
  return await readCopies({
    ...cluster,
    workload,
    questions: { queries: QUERIES },
    injection,
    clock,
    signal,
  });
}

/** What the checker makes of these readings after those of before. */
function measured(readings: readonly CopyReading[]): readonly CopyMeasurement[] {
  const recording = fakeBenchmarkRecording({});
  const { plan } = recording;
  const found = copies.check({
    ...recording,
    plan: {
      ...plan,
      benchmark: plan.benchmark && { ...plan.benchmark, copies: { queries: QUERIES } },
      injections: fakePlan(["crash-postgres"]).injections,
    },
    copyAnswers: [...before, ...readings],
  });
  if ("notApplicable" in found) throw new Error(found.notApplicable);
  return (found.details?.copies ?? []).slice(before.filter(({ again }) => !again).length);
}

async function sql(...statements: string[]): Promise<void> {
  const at = clientEndpoints(topology).readWrite;
  await cluster.agent.run({ at, database: topology.postgres.database, statements, budgetMs: 30_000 });
}

function primary(): string {
  return cluster.watch.view().leaders[COORDINATORS] ?? "";
}

test("every member answers by the index and by an exact scan, as it was made to, and all alike", async () => {
  expect(before.map(({ role, path, again }) => `${role} ${path}${again ? " again" : ""}`).toSorted()).toEqual(
    [
      "primary exact",
      "primary exact again",
      "primary index",
      "primary index again",
      "standby exact",
      "standby index",
    ],
  );
  for (const reading of before) {
    expect(reading).toMatchObject({ taken: true, refused: null, problem: null });
    expect(reading.plan).toEqual([
      reading.path === "index" ? "Index Scan using vector_knn_embedding" : "Seq Scan on vector_knn",
    ]);
    expect(reading.answers).toHaveLength(QUERIES);
    expect(reading.answers.every(({ ids }) => ids.length === 5)).toBe(true);
  }
  for (const one of measured(await read(1))) expect(one.wrong).toEqual({ kind: "value", value: 0 });
});

test("an index that gives other rows is found by the index alone, and the rows are named", async () => {
  await sql(
    "drop index vector_knn_embedding",
    "create index vector_knn_embedding on vector_knn using hnsw (embedding vector_l2_ops) with (m = 2, ef_construction = 4)",
  );
  for (const { path, wrong, other, fewer, examples } of measured(await read(1))) {
    expect([path, wrong.kind === "value" && wrong.value > 0]).toEqual([path, path === "index"]);
    if (path === "exact") continue;
    expect(other + fewer).toBeGreaterThan(0);
    expect(examples[0]!.missing.length).toBeGreaterThan(0);
  }
});

test("an index that is not there is not passed over in silence", async () => {
  await sql("drop index vector_knn_embedding");
  const byIndex = measured(await read(1)).filter(({ path }) => path === "index");
  expect(byIndex.map(({ wrong }) => wrong.kind)).toEqual(["withheld", "withheld"]);
  await sql("create index vector_knn_embedding on vector_knn using hnsw (embedding vector_l2_ops)");
});

test("what is not in the WAL is refused on a standby, and gone after a crash: every row is missing", async () => {
  await sql("alter table vector_knn set unlogged");
  const [first] = measured(await read(1)).filter(({ role }) => role === "standby");
  expect(first!.refused).toContain("unlogged relations during recovery");
  expect(first!.wrong).toEqual({ kind: "value", value: QUERIES });

  const crashed = primary();
  await cluster.tools.processes.killPostmaster(crashed);
  await cluster.watch.waitUntil({
    what: "another primary",
    holds: (view) => {
      const leader = view.leaders[COORDINATORS] ?? crashed;
      return leader !== crashed && view.members[leader]?.inRecovery === false;
    },
    budgetMs: 60_000,
    signal,
  });
  const promoted = measured(await read(1)).filter(({ role }) => role === "primary");
  expect(promoted).toHaveLength(2);
  for (const one of promoted) {
    expect(one).toMatchObject({ rows: 0, fewer: QUERIES, wrong: { kind: "value", value: QUERIES } });
    expect(one.examples[0]!.missing).toHaveLength(5);
  }
});
