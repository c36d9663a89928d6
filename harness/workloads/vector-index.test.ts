import { expect, test } from "vitest";
import { findWorkload, parameterDefaults } from "./catalogue.ts";
import { checkSearch, checkSearchOf } from "./check-search.ts";
import { nearestRows, vectorIndexBytes, vectorIndexes, vectorSettings } from "./vector-index.ts";
import { vectorKnn } from "./vector-knn.ts";

const defaults = parameterDefaults(vectorKnn);
const asked = (values: Record<string, number>) => ({ ...defaults, ...values });
const searched = (values: Record<string, number>) =>
  nearestRows("t", asked(values), { limit: 10, where: "" });

test("a statement that fills tables is no longer one for vectors of many numbers", () => {
  const longest = (values: Record<string, number>) => {
    const made = { vectors: 0, distances: 0 };
    for (const statement of findWorkload("vector-knn", values)!.seed) {
      const [, from, to] = /generate_series\((\d+)::bigint, (\d+)\)/.exec(statement)!;
      const count = Number(to) - Number(from) + 1;
      if (statement.includes("insert into vector_knn_truth"))
        made.distances = Math.max(made.distances, count * (values.rows ?? 0) * (values.dimension ?? 0));
      else made.vectors = Math.max(made.vectors, count * (values.dimension ?? 0));
    }
    return made;
  };
  const few = longest({ rows: 1_000_000, dimension: 128, queries: 1000 });
  const many = longest({ rows: 1_000_000, dimension: 2000, queries: 1000 });
  expect(many.vectors).toBeLessThanOrEqual(few.vectors);
  expect(many.distances).toBeLessThanOrEqual(few.distances);
});

test("an index is of the kind, the element and the distance that are asked for", () => {
  const made = (values: Record<string, number>) =>
    vectorIndexes("t", asked(values)).map(({ name, definition }) => `${name} ${definition}`);
  expect(vectorIndexes("t", asked({ buildMemoryMb: 512 }))).toMatchObject([{ memoryMb: 512 }]);
  expect(made({})).toEqual([
    "t_embedding using hnsw (embedding vector_l2_ops) with (m = 16, ef_construction = 64)",
  ]);
  expect(made({ index: 1, lists: 50, element: 1, distance: 1 })).toEqual([
    "t_embedding_halfvec using ivfflat ((embedding::halfvec(64)) halfvec_cosine_ops) with (lists = 50)",
  ]);
  expect(made({ element: 2, distance: 2 })).toEqual([
    "t_embedding_bit using hnsw ((binary_quantize(embedding)::bit(64)) bit_hamming_ops) with (m = 16, ef_construction = 64)",
  ]);
  expect(made({ everyElement: 1, distance: 2 })).toEqual([
    "t_embedding using hnsw (embedding vector_ip_ops) with (m = 16, ef_construction = 64)",
    expect.stringContaining("halfvec_ip_ops"),
    expect.stringContaining("bit_hamming_ops"),
  ]);
});

test("the settings are those of the kind of index", () => {
  expect(vectorSettings(asked({ efSearch: 80, iterativeScan: 1 }))).toEqual({
    "hnsw.ef_search": "80",
    "hnsw.iterative_scan": "strict_order",
  });
  expect(vectorSettings(asked({ index: 1, probes: 7, iterativeScan: 2 }))).toEqual({
    "ivfflat.probes": "7",
    "ivfflat.iterative_scan": "relaxed_order",
  });
});

test("a search orders by what the index holds, and tells the distance of whole vectors", () => {
  const distance = "embedding <-> (select embedding from t_queries where id = $1) as distance";
  expect(searched({})).toBe(`select id, ${distance} from t order by distance limit 10`);
  expect(searched({ element: 1 })).toBe(
    `select id, ${distance} from t order by embedding::halfvec(64) <-> (select embedding::halfvec(64) from t_queries where id = $1) limit 10`,
  );
});

test("candidates are ranked again by whole vectors", () => {
  expect(searched({ element: 2, candidates: 30, distance: 1 })).toMatch(
    /^select id, distance from \(select id, embedding <=> .* order by binary_quantize\(embedding\)::bit\(64\) <~> .* limit 30\) as candidates order by distance limit 10$/,
  );
});

test("the size of an index is near to what was measured on 20,000 clustered rows of 64 numbers", () => {
  const near = (measured: number, values: Record<string, number>) => {
    const ratio = vectorIndexBytes(asked(values)) / measured;
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.11);
  };
  near(11_411_456, {});
  near(8_699_904, { element: 1 });
  near(6_209_536, { element: 2 });
  near(6_103_040, { index: 1 });
  near(3_391_488, { index: 1, element: 1 });
  near(917_504, { index: 1, element: 2 });
  near(11_411_456 + 8_699_904 + 6_209_536, { everyElement: 1 });
});

test("stages can search by one element after the other on the same data", () => {
  const dataOf = (values: Record<string, number>) => {
    const { tables, seed } = findWorkload("vector-knn", { everyElement: 1, ...values })!;
    return [tables, seed];
  };
  expect(dataOf({ element: 2, candidates: 40 })).toEqual(dataOf({}));
});

test("what makes no sense together is refused, all of it at once", () => {
  const wrong = (values: Record<string, number>) =>
    checkSearch(asked(values)).map(({ parameter, message }) => `${parameter}: ${message}`);
  expect(wrong({})).toEqual([]);
  expect(wrong({ element: 2, candidates: 40 })).toEqual([]);
  expect(wrong({ index: 1, element: 1, iterativeScan: 2, candidates: 200 })).toEqual([]);
  expect(wrong({ index: 1, lists: 10, probes: 20, iterativeScan: 1, efSearch: 80, candidates: 5 })).toEqual([
    "probes: expected at most as many as lists, 10, found 20.",
    "iterativeScan: expected 0 or 2 (relaxed_order): pgvector's IVFFlat has no strict_order, found 1.",
    "efSearch: expected it to be left out, as an IVFFlat index has none (index 0 is HNSW), found 80.",
    "candidates: expected 0 for an index of whole vectors (element 0), whose order is right already, found 5.",
    "candidates: expected at least the 10 rows that are wanted of them, found 5.",
  ]);
  expect(wrong({ element: 2, candidates: 100, probes: 5, clusters: 7, data: 1, intrinsic: 3 })).toEqual([
    "probes: expected it to be left out, as an HNSW index has none (index 1 is IVFFlat), found 5.",
    "candidates: expected at most efSearch, 40, for an HNSW scan that does not go on (iterativeScan 0): it gives no more rows, found 100.",
    "clusters: expected it to be left out, as there are no clusters in uniform data (data 1), found 7.",
    "intrinsic: expected it to be left out, as it is of data on a surface (data 2), found 3.",
  ]);
  expect(wrong({ data: 2, dimension: 4, rows: 30, candidates: 40, element: 1 })).toEqual([
    "candidates: expected at most the 30 rows that a search can find, found 40.",
    "intrinsic: expected at most dimension, 4, found 8.",
  ]);
});

test("of filtered rows as many may be asked for as chance leaves for certain", () => {
  const messages = (values: Readonly<Record<string, number>>) =>
    checkSearch(asked(values)).map(({ message }) => message);
  // 200 of 2,000 by hash are 146 at least, in all but one of some 30,000 choices.
  expect(messages({ rows: 2000, selectedPercent: 10, k: 146 })).toEqual([]);
  expect(messages({ rows: 2000, selectedPercent: 10, k: 147 })).toEqual([
    "expected at most the 146 rows that a search can find for certain (about 10 % of 2000, by hash), found 147.",
  ]);
  expect(messages({ rows: 100, selectedPercent: 1, k: 1 })).toHaveLength(1);
});

test("a workload that wants twice k rows needs twice k candidates", () => {
  expect(checkSearchOf(2)(asked({ element: 2, candidates: 15 }))).toEqual([
    { parameter: "candidates", message: "expected at least the 20 rows that are wanted of them, found 15." },
  ]);
});

test("every kind of data has its own vectors, and queries of their own where it says so", () => {
  const seeds = [0, 1, 2, 3].map((data) => findWorkload("vector-knn", { data })!.seed);
  const rows = seeds.map(([first]) => first);
  expect(new Set(rows).size).toBe(3);
  expect(rows[3]).toBe(rows[0]);
  expect(seeds[3]![1]).not.toBe(seeds[0]![1]);
});
