import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeFromCompressedBase64, HistogramLogReader } from "hdr-histogram-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { CopyReading } from "../model/copy-answers.ts";
import type { PlacementReading } from "../model/placement.ts";
import type { Recording, RecordingWriter } from "../model/recording.ts";
import { createRun } from "./create-run.ts";
import { readRecording } from "./read-recording.ts";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-store-stages-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

const statement = {
  stage: 1,
  member: "coordinator-1",
  query: "select $1",
  calls: 3,
  totalMs: 1,
  meanMs: 0.3,
  rows: 3,
  walBytes: 0,
};

test("a benchmark reads back as it was written", async () => {
  const recording = { ...fakeBenchmarkRecording(), statements: [statement] };
  const writer = await createRun(runs, recording.plan);
  write(writer, recording);
  await writer.finish({ kind: "complete" });
  const read = await readRecording(writer.directory);
  expect(read.stages).toEqual(recording.stages);
  expect(read.resources).toEqual(recording.resources);
  expect(read.statements).toEqual([statement]);
  expect(read.invariants).toEqual(recording.invariants);
  expect(read.end).toEqual({ kind: "complete" });
});

test("placements of each variant are kept beside those of the variants before; without any there is no file", async () => {
  const { plan } = fakeBenchmarkRecording({ stages: [] });
  const writer = await createRun(runs, plan);
  writer.placements([]);
  await writer.finish({ kind: "complete" });
  expect((await readRecording(writer.directory)).placements).toBeUndefined();
  const other = await createRun(runs, plan);
  const placed = (variant: string): PlacementReading => ({
    variant,
    table: "events",
    column: "tenant_id",
    groups: ["worker-1"],
    shards: [{ shard: "events_p0", group: "worker-1" }],
    keys: [{ key: 1, group: "worker-1", rows: 2 }],
    more: false,
    problem: null,
  });
  other.placements([placed("")]);
  other.placements([placed("other")]);
  await other.finish({ kind: "complete" });
  expect((await readRecording(other.directory)).placements).toEqual([placed(""), placed("other")]);
});

test("what copies answered is kept moment after moment; without any there is no file", async () => {
  const { plan } = fakeBenchmarkRecording({ stages: [] });
  const writer = await createRun(runs, plan);
  const asked = (injection: number | null): CopyReading => ({
    table: "t",
    injection,
    atUs: 1,
    group: "coordinators",
    member: "coordinator-1",
    role: "primary",
    path: "index",
    again: false,
    rows: 2,
    plan: ["Index Scan using t_embedding"],
    taken: true,
    indexBytes: 8192,
    answers: [{ part: "t", query: 1, ids: [7, 9], distances: [0.5, 0.75] }],
    refused: null,
    problem: null,
  });
  writer.copyAnswers([asked(null)]);
  writer.copyAnswers([asked(1)]);
  await writer.finish({ kind: "complete" });
  expect((await readRecording(writer.directory)).copyAnswers).toEqual([asked(null), asked(1)]);
  const other = await createRun(runs, plan);
  other.copyAnswers([]);
  await other.finish({ kind: "complete" });
  expect((await readRecording(other.directory)).copyAnswers).toBeUndefined();
});

test("invariants of each variant are kept beside those of the variants before", async () => {
  const { plan, invariants } = fakeBenchmarkRecording({ stages: [] });
  const writer = await createRun(runs, plan);
  const [first] = invariants;
  writer.invariants([first!]);
  writer.invariants([{ ...first!, variant: "other" }]);
  await writer.finish({ kind: "complete" });
  const read = await readRecording(writer.directory);
  expect(read.invariants.map(({ variant }) => variant)).toEqual(["", "other"]);
});

test("ten stages and more come back in their order", async () => {
  const recording = fakeBenchmarkRecording({
    stages: Array.from({ length: 11 }, () => ({ okPerSecond: 1 })),
  });
  const writer = await createRun(runs, recording.plan);
  write(writer, recording);
  await writer.finish({ kind: "complete" });
  const numbers = (await readRecording(writer.directory)).stages.map(({ stage }) => stage.stage);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("an operation may have any name that a user's script gives it", async () => {
  const recording = fakeBenchmarkRecording({ stages: [{}] });
  const [stage] = recording.stages;
  const writer = await createRun(runs, recording.plan);
  const name = "../GET /orders?id=1 ü";
  writer.stageBegun(stage!.stage, stage!.engine, stage!.startedUs);
  for (const second of stage!.seconds) {
    writer.stageSecond({
      ...second,
      operations: second.operations.map((each) => ({ ...each, operation: name })),
    });
  }
  writer.stageSamples(1, name, stage!.samples.get("select")!);
  writer.stageEnded(1, { kind: "complete" }, 1);
  await writer.finish({ kind: "complete" });
  const read = await readRecording(writer.directory);
  expect([...read.stages[0]!.samples]).toEqual([[name, stage!.samples.get("select")]]);
  expect(await readdir(runs)).toEqual([recording.plan.scenario.name]);
});

test("each metric has a log that HdrHistogram's own reader reads: an interval per second, tagged with its phase", async () => {
  const recording = fakeBenchmarkRecording({ stages: [{ okPerSecond: 1001 }] });
  const writer = await createRun(runs, recording.plan);
  write(writer, recording);
  await writer.finish({ kind: "complete" });
  for (const [metric, field] of [
    ["latency", "latency"],
    ["service-time", "serviceTime"],
    ["lag", "lag"],
  ] as const) {
    const file = path.join(writer.directory, `histograms-stage-1-select-${metric}.hlog`);
    const intervals = readLog(await readFile(file, "utf8"));
    expect(intervals.map(({ tag }) => tag)).toEqual([
      "warmup",
      ...Array.from({ length: 5 }, () => "steady"),
      "cool-down",
    ]);
    // Both agents' halves, 501 and 500 operations, and not one less.
    expect(intervals.map(({ totalCount }) => totalCount)).toEqual(Array.from({ length: 7 }, () => 1001));
    const encoded = recording.stages[0]!.seconds.slice(0, 2).map(({ operations }) => operations[0]![field]!);
    const parts = encoded.map((each) => decodeFromCompressedBase64(each));
    expect(intervals[0]!.maxValue).toBe(Math.max(...parts.map(({ maxValue }) => maxValue)));
  }
});

test("the seconds of a stage read back while it runs, as they were written", async () => {
  const recording = fakeBenchmarkRecording({ stages: [{}] });
  const [stage] = recording.stages;
  const writer = await createRun(runs, recording.plan);
  writer.stageBegun(stage!.stage, stage!.engine, stage!.startedUs);
  expect(writer.stageSeconds(1)).toEqual([]);
  for (const second of stage!.seconds) writer.stageSecond(second);
  expect(writer.stageSeconds(1)).toEqual(stage!.seconds);
  expect(writer.stageSeconds(2)).toEqual([]);
  await writer.finish({ kind: "incomplete", reason: "interrupted" });
});

test("a log holds an agent's second beside the other's though it came a minute later; after minutes, as an interval of its own", async () => {
  const recording = fakeBenchmarkRecording({ client: { agents: 2 }, stages: [{ okPerSecond: 1000 }] });
  const [stage] = recording.stages;
  const [one, other] = stage!.seconds;
  const writer = await createRun(runs, recording.plan);
  const at = (second: typeof one, seconds: number): void => {
    const fromUs = stage!.startedUs + seconds * 1e6;
    writer.stageSecond({ ...second!, phase: "steady", fromUs, toUs: fromUs + 1e6 });
  };
  writer.stageBegun(stage!.stage, stage!.engine, stage!.startedUs);
  for (const seconds of [0, 60, 121]) at(one, seconds);
  for (const seconds of [0, 60, 121]) at(other, seconds);
  writer.stageEnded(1, { kind: "complete" }, 1);
  await writer.finish({ kind: "complete" });
  const log = await readFile(path.join(writer.directory, "histograms-stage-1-select-latency.hlog"), "utf8");
  expect(readLog(log).map(({ totalCount }) => totalCount)).toEqual([500, 500, 1000, 1000]);
});

test("a stage without its end reads as far as it was written, and its log is there when the run was finished", async () => {
  const recording = fakeBenchmarkRecording({ stages: [{ end: null }] });
  const writer = await createRun(runs, recording.plan);
  write(writer, recording);
  await writer.finish({ kind: "incomplete", reason: "interrupted" });
  const read = await readRecording(writer.directory);
  expect(read.stages).toEqual(recording.stages);
  const log = await readFile(path.join(writer.directory, "histograms-stage-1-select-lag.hlog"), "utf8");
  expect(readLog(log)).toHaveLength(7);
});

test("a torn last line of a stage is left out, and the recording is incomplete", async () => {
  const recording = fakeBenchmarkRecording({ stages: [{}] });
  const writer = await createRun(runs, recording.plan);
  write(writer, recording);
  await writer.finish({ kind: "complete" });
  const file = path.join(writer.directory, "stage-1.ndjson");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.slice(0, text.lastIndexOf("\n", text.length - 2) + 20));
  const read = await readRecording(writer.directory);
  expect(read.stages[0]).toEqual({ ...recording.stages[0], end: null });
  expect(read.end).toMatchObject({ kind: "incomplete" });
  expect(JSON.stringify(read.end)).toContain("stage-1.ndjson");
});

test("a stage whose first line was torn is left out", async () => {
  const { plan } = fakeBenchmarkRecording({ stages: [] });
  const writer = await createRun(runs, plan);
  await writer.finish({ kind: "complete" });
  await writeFile(path.join(writer.directory, "stage-1.ndjson"), '{"begun":{"stage"');
  const read = await readRecording(writer.directory);
  expect(read.stages).toEqual([]);
  expect(read.end.kind).toBe("incomplete");
});

function write(writer: RecordingWriter, recording: Recording): void {
  for (const { stage, engine, startedUs, seconds, samples, end } of recording.stages) {
    writer.stageBegun(stage, engine, startedUs);
    for (const second of seconds) writer.stageSecond(second);
    for (const [operation, batch] of samples) {
      writer.stageSamples(stage.stage, operation, batch.slice(0, 3));
      writer.stageSamples(stage.stage, operation, batch.slice(3));
    }
    if (end === null) continue;
    const { atUs, ...how } = end;
    writer.stageEnded(stage.stage, how, atUs);
  }
  writer.resources(recording.resources.slice(0, 5));
  writer.resources(recording.resources.slice(5));
  writer.statements(recording.statements);
  writer.invariants(recording.invariants);
}

function readLog(text: string) {
  const reader = new HistogramLogReader(text);
  const intervals = [];
  for (;;) {
    const next = reader.nextIntervalHistogram();
    if (next === null) return intervals;
    intervals.push({ tag: next.tag, totalCount: next.totalCount, maxValue: next.maxValue });
  }
}
