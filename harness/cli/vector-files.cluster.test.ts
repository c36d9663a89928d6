import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRecording } from "../store/read-recording.ts";
import { nearest, someRows, writeFbin, writeNeighbours } from "../vector-files/vector-files.fake.ts";
import { remainsOf, startCli } from "./cli-process.fake.ts";
import { makeFolder } from "./tiny-scenario.fake.ts";

const base = someRows(400, 8);
const queries = someRows(30, 8, 7);
const K = 10;
const truth = nearest(base, queries, 20);

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
  writeFbin(path.join(folder, "base.fbin"), base);
  writeFbin(path.join(folder, "query.fbin"), queries);
  writeNeighbours(path.join(folder, "truth.bin"), truth.ids, truth.distances);
  await writeFile(path.join(folder, "mine.json"), JSON.stringify(scenario));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** One PostgreSQL, a few seconds of searches in the user's own vectors. */
const scenario = {
  name: "mine",
  question: "Are my own vectors found?",
  why: "For tests.",
  topology: "development",
  phases: { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 },
  faults: [],
  benchmark: {
    workload: "vector-knn",
    parameters: {
      data: "base.fbin",
      queryFile: "query.fbin",
      groundTruthFile: "truth.bin",
      queries: queries.length,
      k: K,
      keepsOneIn: 1,
    },
    client: { latencyLimitMs: 1000, connections: 2 },
    phases: { warmupSeconds: 1, steadySeconds: 3 },
    method: {
      kind: "fixed",
      stages: [{ name: "calm", shape: { kind: "closed", clients: 2, thinkTimeMs: 5 } }],
    },
  },
  targets: [
    {
      id: "RECALL",
      title: "Nearly all are found",
      metric: "recall",
      of: "calm",
      statistic: "each",
      bound: { atLeast: 0.99 },
      source: "a test",
    },
  ],
  quick: null,
};

it("a run on the user's own vectors compares its answers with their ground truth, and records what the files were", async () => {
  const cli = startCli(["run", "mine.json", "--seed", "1"], { folder });
  const { exitCode } = await cli.ended;
  expect(cli.shown.stderr).not.toMatch(/unexpected error|Warning/);
  expect(exitCode).toBe(0);
  const directory = await cli.directory();
  const { plan, exactAnswers = [] } = await readRecording(directory);
  expect(plan.benchmark?.files).toMatchObject({
    base: { path: path.join(folder, "base.fbin"), rows: 400, columns: 8 },
    groundTruth: { rows: 30, columns: 20 },
    scannedBecause: null,
  });
  // Distances are the extension's own: of the file's, which are squares, only the ids are taken.
  expect(exactAnswers).toHaveLength(queries.length);
  for (const { query, distances } of exactAnswers) {
    const expected = truth.distances[query - 1]!.slice(0, K).map(Math.sqrt);
    expect(distances).toHaveLength(K);
    for (const [rank, distance] of distances.entries()) expect(distance).toBeCloseTo(expected[rank]!, 5);
  }
  expect(await remainsOf(directory)).toEqual([]);
});
