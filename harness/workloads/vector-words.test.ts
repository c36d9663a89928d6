import { expect, test } from "vitest";
import type { Workload } from "../model/workload.ts";
import { findWorkload } from "./catalogue.ts";
import { whatVectorsLack } from "./vector-words.ts";

const knn = findWorkload("vector-knn")!;

function lacks(workload: Workload): readonly string[] {
  return whatVectorsLack(workload, "ruvector");
}

test("searches by an HNSW index can be asked of every vector extension", () => {
  expect(lacks(knn)).toEqual([]);
  expect(lacks(findWorkload("vector-knn-filtered")!)).toEqual([]);
  expect(lacks(findWorkload("vector-churn")!)).toEqual([]);
});

test("what only pgvector has is told, and pgvector lacks none of it", () => {
  const load = findWorkload("vector-bulk-load")!;
  expect(lacks(load)).toEqual(["COPY of vectors in pgvector's binary form"]);
  expect(whatVectorsLack(load, "pgvector")).toEqual([]);
  const [search] = knn.operations;
  const statements = [{ sql: "insert into t values ('[1]'::vector)", uses: [] }];
  expect(lacks({ ...knn, operations: [{ ...search!, statements }] })).toEqual([
    "operations that write vectors of the type vector",
  ]);
  const [table] = knn.tables;
  const index = { name: "i", definition: "using hnsw ((embedding::halfvec(64)) halfvec_l2_ops)" };
  expect(lacks({ ...knn, tables: [{ ...table!, indexes: [index] }] })).toEqual(["the type halfvec"]);
});

test("a setting without a counterpart is told, unless it changes nothing", () => {
  expect(lacks(findWorkload("vector-knn", { iterativeScan: 1 })!)).toEqual([
    "the setting hnsw.iterative_scan = strict_order",
  ]);
});

test("a workload without vectors lacks nothing", () => {
  expect(lacks(findWorkload("bulk-load")!)).toEqual([]);
});
