import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../model/errors.ts";
import {
  nearest,
  someRows,
  writeFbin,
  writeHdf5,
  writeNeighbours,
} from "../vector-files/vector-files.fake.ts";
import { loadScenario } from "./load-scenario.ts";
import { shippedCatalogues } from "./shipped-catalogues.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";

const folder = mkdtempSync(path.join(tmpdir(), "dpg-config-files-"));
const at = (name: string): string => path.join(folder, name);
const catalogues = { ...shippedCatalogues, runtime: defaultRuntime };

const ROWS = 300;
const base = someRows(ROWS, 8);
const queries = someRows(20, 8, 7);
const truth = nearest(base, queries, 12);

/** Loads the sweep of ef_search, which says 20,000 rows of 64 numbers, with these parameters. */
async function load(parameters: Readonly<Record<string, string | number>>, scenario = "recall-by-ef-search") {
  const set = Object.entries(parameters).map(([name, value]) => `benchmark.parameters.${name}=${value}`);
  return await loadScenario(scenario, { set, quick: false }, catalogues);
}

/** What is wrong, each as `PARAMETER: message`, and without the folder's name. */
async function problems(...asked: Parameters<typeof load>): Promise<readonly string[]> {
  const failure: unknown = await load(...asked).catch((error: unknown) => error);
  if (!(failure instanceof UsageError)) expect.fail(`refused it as no UsageError: ${String(failure)}`);
  return failure.problems.map(({ where, message }) =>
    `${where.replace(/^--set benchmark\.parameters\.(\w+)=.*$/, "$1")}: ${message}`.replaceAll(
      `${folder}/`,
      "",
    ),
  );
}

const binary = {
  data: at("base.fbin"),
  queryFile: at("query.fbin"),
  groundTruthFile: at("truth.bin"),
};

beforeAll(async () => {
  writeFbin(at("base.fbin"), base);
  writeFbin(at("query.fbin"), queries);
  writeNeighbours(at("truth.bin"), truth.ids, truth.distances);
  await writeHdf5(at("all.hdf5"), {
    train: base,
    test: queries,
    neighbors: truth.ids,
    distances: truth.distances,
    distance: "euclidean",
  });
});

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

describe("values that have names", () => {
  it("are given by them or by their numbers", async () => {
    const { parts } = await load({
      distance: "cosine",
      index: "hnsw",
      iterativeScan: "off",
      data: "uniform",
      element: 1,
    });
    expect(parts?.parameters).toMatchObject({ distance: 1, index: 0, iterativeScan: 0, data: 1, element: 1 });
  });

  it("are all told where another is given, with the nearest", async () => {
    expect(await problems({ index: "ivflat" })).toEqual(['index: expected hnsw or ivfflat, found "ivflat".']);
    expect(await problems({ rows: "many" })).toEqual(['rows: expected a whole number, found "many".']);
  });
});

describe("vectors from files", () => {
  it("of big-ann-benchmarks are planned with what they hold, in the place of what the scenario would make", async () => {
    const { parts } = await load({ ...binary, queries: 15 });
    expect(parts?.parameters).toEqual({
      ...{ k: 10, efSearch: 40, distributed: 0 },
      ...{ data: 4, rows: ROWS, dimension: 8, queries: 15, distance: 0, exactAnswers: 1 },
    });
    expect(parts?.files).toEqual({
      base: file("base.fbin", "fbin", ROWS, 8),
      queries: file("query.fbin", "fbin", 20, 8),
      groundTruth: file("truth.bin", "bin", 20, 12),
      scannedBecause: null,
      distance: null,
    });
  });

  it("of ann-benchmarks are all in one, which names its distance", async () => {
    const { parts } = await load({ data: at("all.hdf5") });
    expect(parts?.parameters).toMatchObject({ rows: ROWS, queries: 20, distance: 0, exactAnswers: 1 });
    const { sha256: hash } = file("all.hdf5", "hdf5", 0, 0);
    expect(parts?.files).toMatchObject({ distance: "euclidean", scannedBecause: null });
    const { base, queries, groundTruth } = parts!.files!;
    expect([base.sha256, queries.sha256, groundTruth?.sha256]).toEqual([hash, hash, hash]);
    expect(base).not.toBe(queries);
  });

  it("are compared with an exact scan where ground truth does not cover what is asked, and why is told", async () => {
    const scanned = async (parameters: Readonly<Record<string, string | number>>, scenario?: string) => {
      const { parts } = await load({ data: at("all.hdf5"), ...parameters }, scenario);
      expect(parts?.files?.groundTruth).toBeNull();
      expect(parts?.parameters.exactAnswers).toBe(0);
      return parts?.files?.scannedBecause;
    };
    expect(await scanned({ rows: 100 })).toBe(
      "only the first 100 of 300 rows are taken, and ground truth is of all",
    );
    expect(await scanned({ exactAnswers: 0 })).toBe("exactAnswers is 0");
    expect(await scanned({ exactAnswers: 0, distance: 1, k: 20 })).toBe("exactAnswers is 0");
    const { groundTruthFile: _truth, ...others } = binary;
    expect(await scanned(others)).toBe("no file of ground truth is given");
  });

  it("of which only some are taken are looked at as far as they are taken", async () => {
    const rows = base.with(250, [NaN, ...base[250]!.slice(1)]);
    writeFbin(at("nan.fbin"), rows);
    await expect(load({ ...binary, data: at("nan.fbin"), rows: 250 })).resolves.toBeDefined();
    expect(await problems({ ...binary, data: at("nan.fbin") })).toEqual([
      "data: expected finite numbers alone (as float4) in nan.fbin, found NaN or infinity in row 250 (counted from 0).",
    ]);
  });

  it("may be named by a scenario, from its own folder", async () => {
    const { scenario } = await load({});
    const { benchmark, ...rest } = scenario;
    const parameters = { data: "all.hdf5", k: 10, rows: 200 };
    const mine = { ...rest, quick: null, benchmark: { ...benchmark, parameters } };
    writeFileSync(at("mine.json"), JSON.stringify(mine));
    const { parts } = await loadScenario(at("mine.json"), { set: [], quick: false }, catalogues);
    expect(parts?.files?.base.path).toBe(at("all.hdf5"));
    expect(parts?.parameters).toMatchObject({ rows: 200, dimension: 8 });
  });
});

describe("files are refused before anything starts, all problems at once:", () => {
  it("those that are not there", async () => {
    const missing = { data: at("a.fbin"), queryFile: at("b.fbin"), groundTruthFile: at("c.bin"), rowz: 1 };
    expect(await problems(missing)).toEqual([
      "data: expected a file that can be read at a.fbin, found none.",
      "queryFile: expected a file that can be read at b.fbin, found none.",
      "groundTruthFile: expected a file that can be read at c.bin, found none.",
      'rowz: the workload "vector-knn" has no such parameter.',
    ]);
  });

  it("paths without base vectors, numbers in the place of paths, and words in that of numbers", async () => {
    expect(await problems({ queryFile: at("query.fbin") })).toEqual([
      `queryFile: expected none without base vectors from a file, found "query.fbin".`,
    ]);
    expect(await problems({ data: 4 })).toEqual(["data: expected the path of a file in the place of 4."]);
    expect(await problems({ ...binary, queryFile: 3, k: "ten" })).toEqual([
      'k: expected a whole number, found "ten".',
      "queryFile: expected the path of a file, found 3.",
    ]);
    expect(await problems({ data: at("base.fbin") })).toEqual([
      "benchmark.parameters.queryFile: expected the path of a file of queries besides base.fbin, found none.",
    ]);
    expect(await problems({ exactAnswers: 1 })).toEqual([
      "exactAnswers: expected 0 for vectors that are not read from files, found 1.",
    ]);
  });

  it("other dimensions than that of the queries, or than what is asked for", async () => {
    writeFbin(at("other.fbin"), someRows(20, 9));
    expect(await problems({ ...binary, queryFile: at("other.fbin"), dimension: 64 })).toEqual([
      "dimension: expected 8, the dimension of base.fbin, found 64.",
      "queryFile: expected queries of 8 numbers, the dimension of base.fbin, found 9 in other.fbin.",
    ]);
  });

  it("vectors that are not finite, or of zeros by cosine distance, with their rows", async () => {
    const zero = base[0]!.map(() => 0);
    writeFbin(
      at("zero.fbin"),
      base
        .with(3, zero)
        .with(5, zero)
        .with(7, [Infinity, ...zero.slice(1)]),
    );
    writeFbin(at("nans.fbin"), [...queries.map((row) => [NaN, ...row.slice(1)])]);
    const { groundTruthFile: _truth, ...others } = binary;
    const wrong = { ...others, data: at("zero.fbin"), queryFile: at("nans.fbin"), distance: 1 };
    expect(await problems(wrong)).toEqual([
      "data: expected finite numbers alone (as float4) in zero.fbin, found NaN or infinity in row 7 (counted from 0).",
      "data: expected no vector of zeros in zero.fbin, which has no cosine distance to any other, found rows 3, 5 (counted from 0).",
      "queryFile: expected finite numbers alone (as float4) in nans.fbin, found NaN or infinity in rows 0, 1, 2 and 17 more (counted from 0).",
    ]);
    writeFbin(at("zero-only.fbin"), base.with(3, zero));
    await expect(load({ ...others, data: at("zero-only.fbin") })).resolves.toBeDefined();
  });

  it("more rows, queries or neighbours than there are", async () => {
    expect(await problems({ ...binary, rows: 301, queries: 21 })).toEqual([
      "rows: expected at most the 300 rows of base.fbin, found 301.",
      "queries: expected at most the 20 of query.fbin, found 21.",
    ]);
    expect(await problems({ ...binary, rows: 9 })).toEqual([
      "benchmark.parameters.k: expected at most the 9 rows that a search can find, found 10.",
    ]);
    expect(await problems({ ...binary, k: 13 })).toEqual([
      "groundTruthFile: expected ground truth of at least k, 13, rows for each query, found 12 in truth.bin.",
    ]);
  });

  it("ground truth that names rows which there are not, or one twice, or is of other queries", async () => {
    writeNeighbours(at("beyond.bin"), truth.ids.with(4, truth.ids[4]!.with(2, 300)));
    expect(await problems({ ...binary, groundTruthFile: at("beyond.bin") })).toEqual([
      "groundTruthFile: expected ids of rows from 0 to 299 in beyond.bin, found others in row 4 (counted from 0).",
    ]);
    writeNeighbours(at("twice.bin"), truth.ids.with(1, truth.ids[1]!.with(2, truth.ids[1]![3]!)));
    expect(await problems({ ...binary, groundTruthFile: at("twice.bin") })).toEqual([
      "groundTruthFile: expected 10 different rows for each query in twice.bin, found one more than once in row 1 (counted from 0).",
    ]);
    writeNeighbours(at("fewer.bin"), truth.ids.slice(0, 5));
    expect(await problems({ ...binary, groundTruthFile: at("fewer.bin") })).toEqual([
      "groundTruthFile: expected ground truth of the 20 queries of query.fbin, found of 5 in fewer.bin.",
    ]);
  });

  it("ground truth of other vectors, or by another distance than the workload's", async () => {
    const others = nearest(someRows(ROWS, 8, 99), queries, 12);
    writeNeighbours(at("foreign.bin"), others.ids);
    expect((await problems({ ...binary, groundTruthFile: at("foreign.bin") }))[0]).toMatch(
      /^groundTruthFile: expected the rows that foreign.bin names to be nearest first by Euclidean distance, found for query 0 .* after farther ones\.$/,
    );
    expect((await problems({ ...binary, distance: 1 }))[0]).toContain("nearest first by cosine distance");
    expect(await problems({ data: at("all.hdf5"), distance: 1 })).toContain(
      'distance: expected 0 (Euclidean distance), as all.hdf5 has it ("euclidean"), found 1 (cosine distance).',
    );
  });

  it("an HDF5 file without what is needed of it, or of a distance that no vector has", async () => {
    await writeHdf5(at("part.hdf5"), { train: base, test: queries, distance: "euclidean" });
    expect(await problems({ data: at("part.hdf5") })).toEqual([
      'data: expected a data set "neighbors" in part.hdf5, found test and train.',
    ]);
    await expect(load({ data: at("part.hdf5"), exactAnswers: 0 })).resolves.toBeDefined();
    await writeHdf5(at("bits.hdf5"), {
      train: base,
      test: queries,
      neighbors: truth.ids,
      distance: "hamming",
    });
    expect(await problems({ data: at("bits.hdf5") })).toEqual([
      'data: expected a distance that pgvector\'s vectors have (euclidean, l2, angular, cosine, dot, ip) in the attribute "distance" of bits.hdf5, found "hamming".',
    ]);
  });

  it("exact answers that are asked of ground truth which does not cover them", async () => {
    expect(await problems({ ...binary, exactAnswers: 1, rows: 100 })).toEqual([
      "exactAnswers: expected 0, as only the first 100 of 300 rows are taken, and ground truth is of all, found 1.",
    ]);
    const { groundTruthFile: _truth, ...others } = binary;
    expect(await problems({ ...others, exactAnswers: 1 })).toEqual([
      "benchmark.parameters.groundTruthFile: expected the path of a file of ground truth for exactAnswers 1, found none.",
    ]);
  });

  it("settings of data that would be made", async () => {
    expect(await problems({ ...binary, clusters: 5 })).toEqual([
      "clusters: expected it to be left out, as vectors are read from files, found 5.",
    ]);
  });

  it("workloads that take none", async () => {
    expect(await problems({ data: at("base.fbin") }, "latency-simple-select")).toEqual([
      'data: the workload "point-select" has no such parameter.',
    ]);
  });
});

function file(name: string, format: string, rows: number, columns: number) {
  const bytes = readFileSync(at(name)).length;
  return { path: at(name), format, rows, columns, bytes, sha256: sha256(at(name)) };
}
