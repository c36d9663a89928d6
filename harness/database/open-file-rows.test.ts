import { mkdtempSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { VectorFile } from "../model/benchmark.ts";
import type { FileFill } from "../model/workload.ts";
import { someRows, writeFbin, writeHdf5, writeNeighbours } from "../vector-files/vector-files.fake.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { dataFingerprint } from "../workloads/data-record.ts";
import { float4Text } from "../workloads/file-rows.ts";
import { openFileRows } from "./open-file-rows.ts";

const folder = mkdtempSync(path.join(tmpdir(), "dpg-file-rows-"));
const DIMENSION = 300;
const rows = someRows(1000, DIMENSION);

const planned = (name: string, columns: number, bytes: number): VectorFile => ({
  path: path.join(folder, name),
  format: "fbin",
  rows: 1000,
  columns,
  bytes,
  sha256: "0",
});
const base = planned("base.fbin", DIMENSION, 8 + 1000 * DIMENSION * 4);

beforeAll(() => {
  writeFbin(base.path, rows);
});

/** `vector-knn` of the first rows of a file. */
function fills(values: Readonly<Record<string, number>>): readonly FileFill[] {
  return findWorkload("vector-knn", { data: 4, dimension: DIMENSION, queries: 5, ...values })!
    .filledFromFiles!;
}

/** All statements of a fill, and what each says that it fills. */
async function statementsOf(fill: FileFill, file: VectorFile) {
  await using source = await openFileRows(fill, file);
  const statements: { sql: string; count: number }[] = [];
  for (let done = 0; done < fill.rows;) {
    const statement = await source.statement(done);
    statements.push(statement);
    done += statement.count;
  }
  return statements;
}

/** The rows of numbers that a statement holds. */
function rowsIn(sql: string): readonly (readonly number[])[] {
  const [, text = ""] = /string_to_array\('([^']*)', ';'\)/.exec(sql) ?? [];
  return text.split(";").map((line) => line.split(",").map(Number));
}

describe("rows of a file", () => {
  it("fill the table by statements of a limited size, every row once, with ids from 1", async () => {
    const [fill] = fills({ rows: 900 });
    const statements = await statementsOf(fill!, base);
    expect(statements.length).toBeGreaterThan(2);
    expect(Math.max(...statements.map(({ sql }) => sql.length))).toBeLessThan(2 ** 21);
    const first = statements.map(({ sql }) => Number(/select (\d+) - 1 \+ place as id/.exec(sql)?.[1]));
    expect(first).toEqual(statements.map((_, index) => 1 + index * statements[0]!.count));
    const all = statements.flatMap(({ sql }) => rowsIn(sql));
    expect(all.map((row) => row.map(Math.fround))).toEqual(rows.slice(0, 900));
  });

  it("of ground truth name rows by their ids, as many as are asked for", async () => {
    const truth = planned("truth.ibin", 4, 8 + 1000 * 4 * 4);
    const ids = rows.map((_, row) => [row, row + 1, row + 2, row + 3]);
    writeNeighbours(truth.path, ids);
    const fill = fills({ rows: 1000, k: 3, exactAnswers: 1 }).find(({ of }) => of === "groundTruth")!;
    const [statement] = await statementsOf(fill, truth);
    expect(rowsIn(statement!.sql)).toEqual([
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
      [4, 5, 6],
      [5, 6, 7],
    ]);
    expect(statement!.sql).toContain("where id = any (asked.ids)");
  });

  it("of HDF5 are the same", async () => {
    const file = path.join(folder, "base.hdf5");
    await writeHdf5(file, { train: rows.slice(0, 20) });
    const { size } = await import("node:fs").then(({ statSync }) => statSync(file));
    const [fill] = fills({ rows: 20 });
    const hdf5 = { ...base, path: file, rows: 20, bytes: size };
    const [statement] = await statementsOf(fill!, hdf5);
    expect(rowsIn(statement!.sql).map((row) => row.map(Math.fround))).toEqual(rows.slice(0, 20));
  });

  it("are refused where the file is another than it was", async () => {
    const changed = planned("changed.fbin", DIMENSION, base.bytes);
    writeFbin(changed.path, rows);
    appendFileSync(changed.path, "more");
    const [fill] = fills({ rows: 900 });
    await expect(openFileRows(fill!, changed)).rejects.toThrow(
      /as it was when the run was planned, found .*follows the last row/,
    );
    await expect(openFileRows(fill!, { ...base, rows: 999 })).rejects.toThrow("found 1000 rows of 300");
    await expect(openFileRows(fill!, planned("absent.fbin", 1, 1))).rejects.toThrow("found none");
  });
});

test("rows that come and go are those that follow the ones that stay", async () => {
  const churn = findWorkload("vector-churn", { data: 4, dimension: DIMENSION, rows: 900, churned: 100 })!;
  const fill = churn.filledFromFiles!.at(-1)!;
  expect(fill).toMatchObject({ table: "vector_churn_others", from: 900, rows: 100, firstId: 901 });
  const [statement] = await statementsOf(fill, base);
  expect(rowsIn(statement!.sql).map((row) => row.map(Math.fround))).toEqual(rows.slice(900));
  const insert = churn.operations.find(({ name }) => name === "insert")!;
  expect(insert.statements[0]!.sql).toContain("from vector_churn_others where id = $1");
});

test("numbers are written as short as they read back the same", () => {
  expect([0, -3, 0.5, 255].map(float4Text)).toEqual(["0", "-3", "0.5", "255"]);
  const numbers = [
    ...rows[0]!,
    Math.fround(1e-42),
    Math.fround(3.4e38),
    Math.fround(0.1),
    Math.fround(1 / 3),
  ];
  for (const number of numbers) {
    expect(Math.fround(Number(float4Text(number)))).toBe(number);
    expect(float4Text(number).length).toBeLessThan(16);
  }
});

test("the same tables hold other data where the file is another", () => {
  const workload = findWorkload("vector-knn", { data: 4 })!;
  const files = (sha256: string) => ({
    base: { ...base, sha256 },
    queries: base,
    groundTruth: null,
    scannedBecause: null,
    distance: null,
  });
  const fingerprint = (sha256: string): string => dataFingerprint(workload, "fdw", files(sha256));
  expect(fingerprint("a")).toBe(fingerprint("a"));
  expect(fingerprint("a")).not.toBe(fingerprint("b"));
});
