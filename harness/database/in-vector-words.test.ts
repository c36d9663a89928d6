import { describe, expect, test } from "vitest";
import { ruvector } from "../cluster/vectors/ruvector.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { fakeSqlRunner } from "../model/sql-runner.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import type { VectorDialect } from "../model/topology.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { inVectorWords, settingsInVectorWords, translateWorkload } from "./in-vector-words.ts";

const workload = findWorkload("vector-knn", { dimension: 8, m: 4, efConstruction: 8 })!;
const words = ruvector.words!;
const THERE = ["hnsw", "ruivfflat", "ruvector.hnsw_ef_search", "ruvector.probes"];

function setting(vectors: VectorDialect, there: readonly string[] = THERE) {
  const clock = fakeClock();
  const agent = fakeSqlRunner({ clock, tookMs: 1, answer: () => there.map((name) => ({ name })) });
  const topology = fakeTopology({ vectors });
  return { clock, agent, topology, signal: new AbortController().signal };
}

async function settled<T>(
  setting: { readonly clock: ReturnType<typeof fakeClock> },
  doing: Promise<T>,
): Promise<T> {
  doing.catch(() => undefined);
  await setting.clock.run();
  return await doing;
}

describe("in the words of ruvector", () => {
  const translated = translateWorkload(workload, words, new Set(THERE));
  const [table, queries] = translated.tables;

  test("columns, casts and operator classes are its own", () => {
    expect(table!.columns[1]).toEqual(["embedding", "ruvector(8) not null"]);
    expect(queries!.columns[1]).toEqual(["embedding", "ruvector(8) not null"]);
    expect(translated.seed.join(" ")).toContain("::real[]::ruvector");
    expect(translated.seed.join(" ")).not.toMatch(/::vector\b/);
    expect(table!.indexes![0]!.definition).toBe(
      "using hnsw (embedding ruvector_l2_ops) with (m = 4, ef_construction = 8)",
    );
  });

  test("the access method is the one that the catalogue has", () => {
    const older = translateWorkload(workload, words, new Set(["ruhnsw"]));
    expect(older.tables[0]!.indexes![0]!.definition).toContain("using ruhnsw (");
  });

  test("names of tables and indexes stay, and so do the operations", () => {
    expect(translated.tables.map(({ name }) => name)).toEqual(workload.tables.map(({ name }) => name));
    expect(translated.operations).toBe(workload.operations);
  });
});

test("settings have the names that the catalogue has, and what has no counterpart is left out", async () => {
  const asked = setting("ruvector");
  expect(await settled(asked, settingsInVectorWords(workload.settings!, asked))).toEqual({
    "ruvector.hnsw_ef_search": "40",
  });
  expect(asked.agent.ran.map((statement) => statement.split(" ")[1])).toEqual(["begin", "select", "select"]);
});

test("a catalogue without any of the names is an error that tells them", async () => {
  const asked = setting("ruvector", []);
  await expect(settled(asked, inVectorWords(workload, asked))).rejects.toThrow(
    "Expected ruvector to have ruhnsw or hnsw, found nothing of that name in its catalogue.",
  );
});

test("in pgvector's words nothing changes, and nobody is asked", async () => {
  const asked = setting("pgvector");
  expect(await settled(asked, inVectorWords(workload, asked))).toBe(workload);
  expect(asked.agent.ran).toEqual([]);
});
