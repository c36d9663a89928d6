import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { HistogramLogReader } from "hdr-histogram-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MachineError, UsageError } from "../model/errors.ts";
import type { Sample } from "../model/sample.ts";
import { fakePlan, fakeScenario } from "../plan/run-plan.fake.ts";
import { createRun } from "./create-run.ts";
import { findRun } from "./find-run.ts";
import { listRuns } from "./list-runs.ts";
import { readRecording } from "./read-recording.ts";
import { writeResult } from "./write-result.ts";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-store-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

const plan = fakePlan();

function sample(id: number, outcome: Sample["outcome"] = "ok"): Sample {
  const intendedUs = id * 10_000;
  const code = outcome === "ok" ? null : "57P01";
  return { id, intendedUs, startUs: intendedUs + 50, endUs: intendedUs + 2050, outcome, code };
}

describe("a recording", () => {
  it("reads back as it was written", async () => {
    const writer = await createRun(runs, plan);
    writer.event({ kind: "note", text: "two\nlines", atUs: 20 });
    writer.event({ kind: "cluster-ready", tookMs: 9000, atUs: 10 });
    writer.samples("write-probe", [sample(1), sample(2, "unknown")]);
    const told = { ...sample(4), acknowledgedBy: { timeline: 2, address: "172.18.0.5" } };
    const bySocket = { ...sample(5), acknowledgedBy: { timeline: 3, address: null } };
    writer.samples("write-probe", [sample(3, "failed"), told, bySocket]);
    const reading = {
      stream: "write-probe",
      table: "dpg_ledger",
      injection: null,
      atUs: 30,
      rows: 2,
      present: [[1, 2]],
    } as const;
    writer.ledger(reading);
    writer.ledger({ ...reading, injection: 1, atUs: 15 });
    await writer.file("logs/coordinator-1.log", "hello");
    await writer.finish({ kind: "complete" });

    const recording = await readRecording(writer.directory);
    expect(recording.plan).toEqual(plan);
    expect(recording.environment).toBeNull();
    expect(recording.events.map((event) => event.kind)).toEqual(["cluster-ready", "note"]);
    expect([...(recording.samples.get("write-probe") ?? [])]).toEqual([
      sample(1),
      sample(2, "unknown"),
      sample(3, "failed"),
      told,
      bySocket,
    ]);
    expect(recording.samples.get("read-probe")).toHaveLength(0);
    expect(recording.ledgers.map((ledger) => ledger.injection)).toEqual([1, null]);
    expect(recording.end).toEqual({ kind: "complete" });
    expect(await readFile(path.join(writer.directory, "logs/coordinator-1.log"), "utf8")).toBe("hello");
  });

  it("keeps the first end that it was given", async () => {
    const writer = await createRun(runs, plan);
    await writer.finish({ kind: "incomplete", reason: "stopped" });
    await writer.finish({ kind: "complete" });
    expect((await readRecording(writer.directory)).end).toEqual({ kind: "incomplete", reason: "stopped" });
  });

  it("is on disk without being finished, and outlives a SIGKILL of its writer", async () => {
    const script = `
      import { createRun } from ${JSON.stringify(path.resolve("harness/store/create-run.ts"))};
      const writer = await createRun(${JSON.stringify(runs)}, ${JSON.stringify(plan)});
      for (let id = 1; id <= 50; id += 1) {
        writer.samples("write-probe", [{ id, intendedUs: id, startUs: id, endUs: id + 1, outcome: "ok", code: null }]);
      }
      writer.event({ kind: "note", text: "before", atUs: 1 });
      setTimeout(() => process.kill(process.pid, "SIGKILL"), 400);
      setTimeout(() => {}, 5000);
    `;
    const file = path.join(runs, "writer.ts");
    await writeFile(file, script);
    const child = spawn(process.execPath, [path.resolve("node_modules/jiti/lib/jiti-cli.mjs"), file], {
      stdio: "inherit",
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");

    const recording = await readRecording(await findRun("latest", runs));
    expect(recording.samples.get("write-probe")).toHaveLength(50);
    expect(recording.events).toHaveLength(1);
    expect(recording.end.kind).toBe("incomplete");
  });

  it("with a torn last line is read without it, and says so", async () => {
    const writer = await createRun(runs, plan);
    writer.event({ kind: "note", text: "whole", atUs: 1 });
    await writer.finish({ kind: "complete" });
    await writeFile(path.join(writer.directory, "events.ndjson"), '{"kind":"note","te', { flag: "a" });
    const { events, end } = await readRecording(writer.directory);
    expect(events).toHaveLength(1);
    expect(end).toMatchObject({ kind: "incomplete" });
    expect(JSON.stringify(end)).toContain("events.ndjson");
  });

  it("with a bad line in the middle names file and line", async () => {
    const writer = await createRun(runs, plan);
    await writer.finish({ kind: "complete" });
    await writeFile(
      path.join(writer.directory, "events.ndjson"),
      '{"kind":"note","text":"a","atUs":1}\nnonsense\n',
    );
    await expect(readRecording(writer.directory)).rejects.toThrow(/events\.ndjson:2/);
  });

  it("holds histograms that HdrHistogram's own reader reads: one per second, latency from the intended start", async () => {
    const writer = await createRun(runs, plan);
    for (let id = 1; id <= 500; id += 1) writer.samples("read-probe", [sample(id)]);
    writer.samples("read-probe", [sample(501, "failed")]);
    await writer.finish({ kind: "complete" });
    const log = await readFile(path.join(writer.directory, "histograms-read-probe.hlog"), "utf8");
    const reader = new HistogramLogReader(log);
    const counts: number[] = [];
    let next = reader.nextIntervalHistogram();
    while (next !== null) {
      counts.push(next.totalCount);
      expect(next.maxValue).toBeGreaterThanOrEqual(2050);
      expect(next.maxValue).toBeLessThan(2060);
      next = reader.nextIntervalHistogram();
    }
    expect(counts).toHaveLength(6);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500);
  });

  it("waits for the disk when much comes at once, and keeps at most a megabyte of a file in memory", async () => {
    const writer = await createRun(runs, plan);
    const file = path.join(writer.directory, "samples-write-probe.ndjson");
    const batch = Array.from({ length: 2000 }, (_, index) => sample(index + 1));
    for (let count = 0; count < 200; count += 1) writer.samples("write-probe", batch);
    // Nothing else has run since: no timer has written it.
    const written = (await stat(file)).size;
    await writer.finish({ kind: "complete" });
    const whole = (await stat(file)).size;
    expect(whole).toBeGreaterThan(10_000_000);
    expect(whole - written).toBeLessThan(1_200_000);
  });

  it("tells the first failed write once, goes on without throwing, and fails at the end", async () => {
    const told: MachineError[] = [];
    const writer = await createRun(runs, plan, (error) => told.push(error));
    await rm(writer.directory, { recursive: true });
    writer.event({ kind: "note", text: "lost", atUs: 1 });
    writer.samples("write-probe", [sample(1)]);
    expect(told).toHaveLength(1);
    expect(told[0]?.code).toBe("not-writable");
    await expect(writer.finish({ kind: "complete" })).rejects.toThrow(MachineError);
  });
});

describe("readRecording", () => {
  it("refuses a folder that is no run, or is not there", async () => {
    await expect(readRecording(runs)).rejects.toThrow(/no plan\.json/);
    await expect(readRecording(path.join(runs, "nowhere"))).rejects.toThrow(/no such folder/);
  });

  it("refuses a recording of a newer format and says which", async () => {
    await writeFile(path.join(runs, "plan.json"), JSON.stringify({ formatVersion: 99 }));
    const refused = readRecording(runs);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/found format 99/);
  });
});

describe("findRun and listRuns", () => {
  it("find a run by path, latest, scenario, name and part of a name", async () => {
    const first = await createRun(runs, plan);
    await first.finish({ kind: "complete" });
    const other = await createRun(runs, fakePlan({ scenario: { ...fakeScenario, name: "another" } }));
    const name = path.basename(first.directory);
    const scenario = plan.scenario.name;
    for (const reference of [
      first.directory,
      scenario,
      `${scenario}/latest`,
      `${scenario}/${name}`,
      name,
      name.slice(-6),
    ]) {
      expect(await findRun(reference, runs)).toBe(first.directory);
    }
    expect(await readlink(path.join(runs, scenario, "latest"))).toBe(name);
    await writeResult(first.directory, "verdict.json", JSON.stringify({ outcome: "fail" }));
    const listed = await listRuns(runs);
    expect(listed).toHaveLength(2);
    expect(listed.find((run) => run.name === name)).toMatchObject({ end: "complete", outcome: "fail" });
    expect(listed.find((run) => run.scenario === "another")).toMatchObject({
      end: "incomplete",
      outcome: null,
    });
    await other.finish({ kind: "complete" });
  });

  it("suggest the nearest name", async () => {
    const writer = await createRun(runs, plan);
    await writer.finish({ kind: "complete" });
    await expect(findRun("lose-the-primery", runs)).rejects.toThrow(/Did you mean "lose-the-primary"/);
    await expect(findRun("x", path.join(runs, "empty"))).rejects.toThrow(/no runs in/);
  });
});

describe("writeResult", () => {
  it("leaves no draft behind", async () => {
    await writeResult(runs, "config/a/b.txt", "text");
    expect(await readdir(path.join(runs, "config/a"))).toEqual(["b.txt"]);
  });

  it("says what to do where it may not write", async () => {
    await writeFile(path.join(runs, "file"), "");
    await expect(writeResult(path.join(runs, "file"), "x", "")).rejects.toThrow(MachineError);
  });
});
