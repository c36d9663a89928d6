import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../runtime/docker/engine.ts";
import { runInContainer } from "../runtime/docker/run-in-container.ts";
import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { Verdict } from "../model/verdict.ts";
import { readRecording } from "../store/read-recording.ts";
import { eventually, remainsOf, startCli, type CliProcess } from "./cli-process.fake.ts";
import { makeFolder, writeTinyBenchmark } from "./tiny-scenario.fake.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(
  tiny: Parameters<typeof writeTinyBenchmark>[1],
  ...options: readonly string[]
): Promise<CliProcess> {
  const file = await writeTinyBenchmark(folder, tiny);
  return startCli(["run", file, "--seed", "1", ...options], { folder });
}

async function read<Result>(directory: string, file: string): Promise<Result> {
  return JSON.parse(await readFile(path.join(directory, file), "utf8")) as Result;
}

describe.each(["native", "pgbench"])("a benchmark with the engine %s", (engine) => {
  it("sends its stage, measures it, and finds every acknowledged row afterwards", async () => {
    const cli = await start({ name: `calm-${engine}`, steadySeconds: 3 }, "--engine", engine);
    const { exitCode, stdout } = await cli.ended;
    expect(cli.shown.stderr).not.toMatch(/unexpected error|Warning/);
    // 2: so much on one machine may make the client its own limit, and then nothing is decided.
    expect([0, 2]).toContain(exitCode);
    expect(stdout).toContain("calm");
    const directory = await cli.directory();
    const { stages, invariants } = await read<Measurements>(directory, "measurements.json");
    const [stage] = stages;
    expect(stage).toMatchObject({ title: "calm", problem: null });
    const counted = stage?.operations[0]?.outcomes;
    expect(counted?.ok).toBeGreaterThan(1000);
    expect(counted).toMatchObject({ failed: 0, unknown: 0 });
    // Our own engine tells what became of each row: lost ones, and ones too many, instead of their count.
    expect(invariants).toHaveLength(engine === "native" ? 4 : 3);
    for (const { found, atLeast, atMost, problem } of invariants) {
      expect(problem).toBeNull();
      expect(found).toBeGreaterThanOrEqual(atLeast);
      expect(found).toBeLessThanOrEqual(atMost);
    }
    const { resources, events } = await readRecording(directory);
    expect(new Set(resources.map(({ kind }) => kind))).toEqual(new Set(["container", "machine", "postgres"]));
    const phases = events.flatMap((event) => (event.kind === "stage" ? [event.phase] : []));
    expect(phases).toEqual(["warmup", "steady", "ended"]);
    expect(await remainsOf(directory)).toEqual([]);
  });
});

it("rows that are deleted behind the workload's back are named, and fail the run: 1", async () => {
  const cli = await start({ name: "robbed", steadySeconds: 5 });
  const directory = await underWay(cli);
  const { containers } = await cli.cluster();
  const engine = await connectEngine();
  const node = containers.find(({ node }) => node === "coordinator-1")?.name ?? "";
  const oldest = "select id from inserts order by id limit 10";
  const deleted = await runInContainer(engine.getContainer(node), {
    what: "delete rows",
    command: ["psql", "-qXAt", "bench", "-c", `delete from inserts where id in (${oldest}) returning id`],
    user: "postgres",
    budgetMs: 30_000,
  });
  const ids = deleted.trim().split("\n").map(Number).sort();
  expect(ids).toHaveLength(10);
  const { exitCode, stdout } = await cli.ended;
  expect(exitCode).toBe(1);
  expect(stdout).toContain("10 are missing (ids 1000000000");
  const { invariants } = await read<Measurements>(directory, "measurements.json");
  expect(invariants[0]).toMatchObject({
    title: "no acknowledged insert is missing",
    found: 10,
    missingIds: ids,
  });
  expect(invariants[1]).toMatchObject({ found: 0 });
});

describe("a benchmark that is cut short keeps what it had, and decides nothing", () => {
  it("by the death of its agent in mid-stage: 70", async () => {
    const cli = await start({ name: "without-agent", steadySeconds: 600 });
    const directory = await underWay(cli);
    const { containers } = await cli.cluster();
    const engine = await connectEngine();
    await engine.getContainer(containers.find(({ node }) => node === "agent")?.name ?? "").kill();
    const recording = await expectCutShort(cli, directory, 70);
    expect(recording.stages[0]?.end).toMatchObject({ kind: "failed", code: "agent-failed" });
  });

  it("by an interrupt in mid-stage: 130", async () => {
    const cli = await start({ name: "interrupted", steadySeconds: 600 });
    const directory = await underWay(cli);
    cli.kill("SIGINT");
    const recording = await expectCutShort(cli, directory, 130);
    expect(recording.stages[0]?.end).toBeNull();
  });
});

/** The run's folder, once the steady phase is being recorded. */
async function underWay(cli: CliProcess): Promise<string> {
  const directory = await cli.directory();
  await eventually("seconds of the steady phase", async () => {
    const { stages } = await readRecording(directory);
    const steady = stages[0]?.seconds.filter(({ phase }) => phase === "steady") ?? [];
    return steady.length > 1 || null;
  });
  return directory;
}

async function expectCutShort(cli: CliProcess, directory: string, exitCode: number): Promise<Recording> {
  expect((await cli.ended).exitCode).toBe(exitCode);
  expect(cli.shown.stderr).not.toMatch(/unexpected error|Warning/);
  const recording = await readRecording(directory);
  expect(recording.end.kind).toBe("incomplete");
  expect(recording.stages[0]?.seconds.length).toBeGreaterThan(1);
  const { outcome, targets } = await read<Verdict>(directory, "verdict.json");
  expect(outcome).toBe("unknown");
  expect(targets.find(({ target }) => target.id === "L")?.outcome).toBe("unknown");
  expect(await readFile(path.join(directory, "report.html"), "utf8")).toContain("calm");
  expect(await remainsOf(directory)).toEqual([]);
  return recording;
}
