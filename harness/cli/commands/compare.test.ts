import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeBenchmarkRecording } from "../../model/benchmark-recording.fake.ts";
import { fakeRecording } from "../../model/recording.fake.ts";
import type { Recording } from "../../model/recording.ts";
import { createRun } from "../../store/create-run.ts";
import { fakeIo } from "../cli-io.fake.ts";
import { runCli } from "../run-cli.ts";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-compare-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

it("writes the page beside the first run, shows the figures, and leaves the runs as they are", async () => {
  const first = await written(fakeBenchmarkRecording({ seed: 1 }));
  const second = await written(fakeBenchmarkRecording({ seed: 2, client: { engine: "pgbench" } }));
  const { exitCode, stdout } = await cli("compare", first, second);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/benchmark\.client\.engine: native \| pgbench/);
  expect(stdout).toMatch(/Throughput +[\d,]+ op\/s +[\d,]+ op\/s/);
  expect(stdout).toContain(`Page: ${path.join(first, "compare.html")}`);
  expect(await readFile(path.join(first, "compare.html"), "utf8")).toContain("native against pgbench");
  await expect(readFile(path.join(first, "report.html"))).rejects.toThrow("ENOENT");
});

it("answers with one JSON document, and writes the page where it is told to", async () => {
  const list = [await written(fakeBenchmarkRecording()), await written(fakeBenchmarkRecording({ seed: 2 }))];
  const page = path.join(runs, "pages", "mine.html");
  const { exitCode, stdout } = await cli("compare", ...list, "--json", "--page", page);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 2, comparable: true, page });
  expect(await readFile(page, "utf8")).toContain("<!doctype html>");
});

it("compares runs of faults by their outages", async () => {
  const list = [await written(fakeRecording({ seed: 1 })), await written(fakeRecording({ seed: 2 }))];
  const { exitCode, stdout } = await cli("compare", ...list);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Unavailability for writes +[\d.]+ s +[\d.]+ s/);
});

it("puts runs that differ in nothing but their seed on one side", async () => {
  const list = [
    await written(fakeBenchmarkRecording({ seed: 1 })),
    await written(fakeBenchmarkRecording({ seed: 2, client: { engine: "pgbench" } })),
    await written(fakeBenchmarkRecording({ seed: 3, plan: { seed: 3 } })),
  ];
  const { stdout } = await cli("compare", ...list, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    sides: [
      { name: "native", runs: ["native 1", "native 2"] },
      { name: "pgbench", runs: ["pgbench"] },
    ],
  });
});

it("takes the two sides as they are named, for what recordings do not tell apart", async () => {
  const [a, b, c, d] = [
    await written(fakeBenchmarkRecording({ seed: 1 })),
    await written(fakeBenchmarkRecording({ seed: 2 })),
    await written(fakeBenchmarkRecording({ seed: 3 })),
    await written(fakeBenchmarkRecording({ seed: 4 })),
  ];
  const { exitCode, stdout } = await cli("compare", a, b, "--against", c, d);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("2 sides of 4 runs in all, each compared with the first");
  expect(stdout).toContain("There are 2 and 2 runs. A test needs at least 4 of each");
});

it("refuses a run that stands on both sides", async () => {
  const one = await written(fakeBenchmarkRecording());
  const { exitCode, stderr } = await cli("compare", one, "--against", one);
  expect(exitCode).toBe(64);
  expect(stderr).toContain("is the same run as");
});

it("refuses a benchmark beside a run of faults, and says so in a sentence", async () => {
  const [benchmark, faults] = [await written(fakeBenchmarkRecording()), await written(fakeRecording())];
  const { exitCode, stderr } = await cli("compare", benchmark, faults);
  expect(exitCode).toBe(64);
  expect(stderr).toContain("expected a benchmark, as the first run is, found a run of faults");
});

it("tells all problems of the command line at once", async () => {
  const { exitCode, stderr, stdout } = await cli("compare", "no-such-run", runs);
  expect(exitCode).toBe(64);
  expect(stderr).toContain('run "no-such-run"');
  expect(stderr).toContain("found no plan.json in it");
  expect(stdout).toBe("");
});

it.each([1, 2])("refuses one run alone, also when it is named %i times", async (times) => {
  const one = await written(fakeBenchmarkRecording());
  const { exitCode, stderr } = await cli("compare", ...Array.from({ length: times }, () => one));
  expect(exitCode).toBe(64);
  expect(stderr).toContain(times === 1 ? "expected two runs or more, found 1" : "is the same run as");
});

async function cli(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const io = fakeIo();
  const exitCode = await runCli([...argv, "--out", runs], io);
  return { exitCode, ...io.shown };
}

/** The recording as a run's folder. */
async function written(recording: Recording): Promise<string> {
  const writer = await createRun(runs, recording.plan);
  for (const event of recording.events) writer.event(event);
  for (const [stream, samples] of recording.samples) writer.samples(stream, [...samples]);
  for (const reading of recording.ledgers) writer.ledger(reading);
  for (const { stage, engine, startedUs, seconds, end } of recording.stages) {
    writer.stageBegun(stage, engine, startedUs);
    for (const second of seconds) writer.stageSecond(second);
    if (end !== null) writer.stageEnded(stage.stage, end, end.atUs);
  }
  writer.resources(recording.resources);
  writer.invariants(recording.invariants);
  if (recording.environment !== null) writer.environment(recording.environment);
  await writer.finish(recording.end);
  return writer.directory;
}
