import { expect, test } from "vitest";
import { findWorkload } from "../workloads/catalogue.ts";
import { answersIn, exactSearchMs, planOf, searchEachPart, searchesByIndex } from "./copy-statements.ts";

const operation = findWorkload("vector-knn", { k: 2 })!.operations[0]!;
const vectors = [
  { query: 1, vector: "[1,2]", type: "vector" },
  { query: 2, vector: "[3,4]", type: "vector" },
];

test("the workload's own search is asked of each part, with the query's vector in the statement", () => {
  const [statement = "", ...others] = searchEachPart({
    statement: operation.statements[0]!,
    search: operation.search!,
    parts: ["vector_knn_p0", "vector_knn_p1"],
    vectors,
  });
  expect(others).toEqual([]);
  const each = statement.split("\nunion all\n");
  expect(each).toHaveLength(4);
  expect(each[3]).toBe(
    "select 'vector_knn_p1' as part, 2 as query, id, distance from " +
      "(with vector_knn_queries (id, embedding) as (values (2::bigint, '[3,4]'::vector)) " +
      "select id, embedding <-> (select embedding from vector_knn_queries where id = 2) as distance " +
      "from vector_knn_p1 order by distance limit 2) as found",
  );
});

test("many searches are several statements, since one of them all would take a server minutes to plan", () => {
  const statements = searchEachPart({
    statement: operation.statements[0]!,
    search: operation.search!,
    parts: Array.from({ length: 200 }, (_, part) => `vector_knn_p${part}`),
    vectors: Array.from({ length: 100 }, (_, query) => ({ query, vector: "[1,2]", type: "vector" })),
  });
  const searches = statements.map((statement) => statement.split("\nunion all\n"));
  expect(Math.max(...searches.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(new Set(searches.flat()).size).toBe(20_000);
});

const explained = (nodes: readonly unknown[]) => [
  {
    "QUERY PLAN": [
      {
        Plan: {
          "Node Type": "Append",
          Plans: nodes.map((node) => ({ "Node Type": "Limit", Plans: [node] })),
        },
      },
    ],
  },
];
const scan = (part: string) => ({
  "Node Type": "Index Scan",
  "Relation Name": part,
  "Index Name": `${part}_embedding`,
  "Order By": "(embedding <-> $0)",
});
const all = (part: string) => ({ "Node Type": "Seq Scan", "Relation Name": part });

test("a way is taken when every part is read by it alone, in the order of the distance", () => {
  expect(planOf(explained([scan("a"), scan("b")]), ["a", "b"], "index")).toEqual({
    plan: ["Index Scan using a_embedding", "Index Scan using b_embedding"],
    taken: true,
  });
  expect(planOf(explained([all("a"), all("b")]), ["a", "b"], "exact").taken).toBe(true);
});

test("a way is not taken when a part is read otherwise, or not at all, or by an index in no order", () => {
  const both = planOf([...explained([scan("a")]), ...explained([scan("b")])], ["a", "b"], "index");
  expect(both.taken).toBe(true);
  expect(planOf(explained([scan("a"), all("b")]), ["a", "b"], "index").taken).toBe(false);
  expect(planOf(explained([scan("a")]), ["a", "b"], "index").taken).toBe(false);
  expect(planOf(explained([{ ...scan("a"), "Order By": undefined }]), ["a"], "index").taken).toBe(false);
  expect(planOf(explained([scan("a")]), ["a"], "exact").taken).toBe(false);
  expect(planOf([], ["a"], "index")).toEqual({ plan: [], taken: false });
});

test("a search is by the index where every part is read in its order once, whatever else is read beside", () => {
  const text = { "Node Type": "Bitmap Heap Scan", "Relation Name": "a" };
  expect(searchesByIndex(explained([scan("a"), text, scan("b")]), ["a", "b"])).toBe(true);
  expect(searchesByIndex(explained([scan("a"), all("b")]), ["a", "b"])).toBe(false);
  expect(searchesByIndex(explained([{ ...scan("a"), "Order By": undefined }]), ["a"])).toBe(false);
});

test("an exact search takes longer the more numbers there are, and of a short vector as of 128", () => {
  const search = { ...operation.search!, lastLastingId: 1_000_000 };
  expect(exactSearchMs(search, vectors)).toBe(1280);
  const long = { query: 1, vector: `[${Array(1280).fill("1").join(",")}]`, type: "vector" };
  expect(exactSearchMs(search, [long])).toBe(12_800);
});

test("a search that found nothing is an answer without rows", () => {
  const rows = [
    { part: "a", query: 1, id: "7", distance: 0.5 },
    { part: "a", query: 1, id: "9", distance: 0.75 },
  ];
  expect(answersIn(rows, ["a"], vectors)).toEqual([
    { part: "a", query: 1, ids: [7, 9], distances: [0.5, 0.75] },
    { part: "a", query: 2, ids: [], distances: [] },
  ]);
});
