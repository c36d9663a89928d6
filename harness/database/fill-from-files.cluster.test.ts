import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { development } from "../../topologies/development.ts";
import { bringUpForTest, runAsClient } from "../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../conduct/bring-up-cluster.ts";
import type { VectorFile } from "../model/benchmark.ts";
import { quietProgress } from "../model/progress.fake.ts";
import { systemClock } from "../support/system-clock.ts";
import { nearest, type Rows, someRows, writeFbin, writeHdf5 } from "../vector-files/vector-files.fake.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { prepareDatabases } from "./prepare-databases.ts";
import { readInvariant } from "./read-invariant.ts";

const clock = systemClock();
const { signal } = new AbortController();
const folder = mkdtempSync(path.join(tmpdir(), "dpg-fill-from-files-"));
const rows = someRows(300, 8);
const queries = someRows(10, 8, 7);
const K = 5;

let cluster: RunningCluster;
beforeAll(async () => {
  writeFbin(path.join(folder, "query.fbin"), queries);
  const { ids: neighbors } = nearest(rows, queries, K);
  await writeHdf5(path.join(folder, "base.hdf5"), { train: rows, neighbors });
  cluster = await bringUpForTest(development, { runId: "fill-from-files", clock, signal });
});
afterAll(() => cluster[Symbol.asyncDispose]());

function file(name: string, format: VectorFile["format"], content: Rows): VectorFile {
  const at = path.join(folder, name);
  const columns = content[0]!.length;
  return { path: at, format, rows: content.length, columns, bytes: statSync(at).size, sha256: "0" };
}

/** Fills the workload's tables from the files; its exact answers, by query and rank. */
async function fill(name: string, values: Readonly<Record<string, number>>) {
  const { exactAnswers = 0 } = values;
  const workload = findWorkload(name, {
    ...{ data: 4, rows: 300, dimension: 8, queries: queries.length, k: K },
    ...values,
  })!;
  await prepareDatabases({
    ...cluster,
    workload,
    files: {
      base: file("base.hdf5", "hdf5", rows),
      queries: file("query.fbin", "fbin", queries),
      groundTruth: exactAnswers === 1 ? file("base.hdf5", "hdf5", nearest(rows, queries, K).ids) : null,
      scannedBecause: null,
      distance: null,
    },
    progress: quietProgress,
    onEvent: () => undefined,
    clock,
    signal,
    remainingMs: () => 90_000,
  });
  for (const invariant of workload.invariants) {
    const found = await readInvariant(invariant, () => 10_000, { ...cluster, clock, signal });
    const { atLeast, atMost } = invariant.bounds({});
    expect(found).toBeGreaterThanOrEqual(atLeast);
    expect(found).toBeLessThanOrEqual(atMost);
  }
  const table = name.replaceAll("-", "_");
  return await runAsClient(cluster, [
    `select query, rank, id, distance from ${table}_truth order by query, rank`,
  ]);
}

test("exact answers from ground truth are those that an exact scan finds, and rows are the file's", async () => {
  const named = await fill("vector-knn", { exactAnswers: 1 });
  const [row] = await runAsClient(cluster, [
    "select embedding::real[] as numbers from vector_knn where id = 42",
  ]);
  expect(row!.numbers).toEqual(rows[41]!.map((number): unknown => expect.closeTo(number, 6)));
  const scanned = await fill("vector-knn", { exactAnswers: 0 });
  expect(named).toHaveLength(queries.length * K);
  expect(named).toEqual(scanned);
});

test("conditions and words are made for rows of a file too", async () => {
  expect(await fill("vector-knn-filtered", { selectedPercent: 50 })).toHaveLength(queries.length * K);
  expect(await fill("vector-hybrid", { exactAnswers: 1 })).toHaveLength(queries.length * K);
});

test("rows that come and go are the file's, behind those that stay", async () => {
  await fill("vector-churn", { rows: 250, churned: 50 });
  const insert = findWorkload("vector-churn", { data: 4, rows: 250, churned: 50, dimension: 8 })!
    .operations[1]!;
  await runAsClient(cluster, [insert.statements[0]!.sql.replaceAll("$1", "251")]);
  const [row] = await runAsClient(cluster, [
    "select embedding::real[] as numbers from vector_churn where id = 251",
  ]);
  expect(row!.numbers).toEqual(rows[250]!.map((number): unknown => expect.closeTo(number, 6)));
});
