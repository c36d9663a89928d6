import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { renderHtml } from "../../reports/html/render-html.ts";
import { renderJunit } from "../../reports/junit.ts";
import { checkSafety } from "../check/check-safety.ts";
import { judge } from "../judge/judge.ts";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { asBefore } from "../model/postgres-states.fake.ts";
import { formatVersions } from "../model/format-versions.ts";
import { kindOf, type RunPlan } from "../model/plan.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { createRun } from "../store/create-run.ts";
import { readRecording } from "../store/read-recording.ts";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-older-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

describe("a recording of before absences, acknowledgements, roles and holds were recorded", () => {
  test("of a healthy run keeps what it has the figures for, and leaves who acknowledged undecided", async () => {
    const { verdict, reports } = await concluded(
      fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] }),
    );
    expect(verdict.targets.map(({ target, outcome }) => [target.id, outcome])).toEqual([
      ["T1", "pass"],
      ["RPO-0", "pass"],
      ["SERVICE", "pass"],
      ["SPLIT-BRAIN", "unknown"],
      ["SPLIT-BRAIN-WRITES", "unknown"],
    ]);
    expect(verdict.outcome).toBe("unknown");
    for (const report of reports) expect(report).not.toMatch(/undefined|NaN|\[object Object\]/);
  });

  test("of a lost node and lost rows fails as it did, and as it was foreseen", async () => {
    const { verdict } = await concluded(
      fakeRecording({ injections: [{ fault: "kill-node", writeOutageSeconds: 22.9, lostRows: 4 }] }),
    );
    expect(verdict.targets.slice(0, 2).map(({ outcome }) => outcome)).toEqual(["fail", "fail"]);
    expect(verdict.targets[0]?.foreseen).toContain("T1 (below 10 s) cannot be met by kill-node");
  });

  test("of a benchmark is judged by what it has", async () => {
    const { verdict, reports } = await concluded(fakeBenchmarkRecording());
    expect(verdict.targets.map(({ target, outcome }) => [target.id, outcome])).toEqual([
      ["T3", "pass"],
      ["INVARIANTS", "pass"],
      ["SPLIT-BRAIN", "pass"],
    ]);
    for (const report of reports) expect(report).not.toMatch(/undefined|NaN|\[object Object\]/);
  });
});

test("a recording of before there were benchmarks is one of faults", async () => {
  const directory = await withPlan(({ benchmark: _benchmark, ...then }) => then);
  expect((await readRecording(directory)).plan.benchmark).toBeNull();
});

test("in a recording of before cluster operations were told apart, what makes the primary hand over is one", async () => {
  const [first] = fakeRecording({}).plan.injections;
  const { kind: _kind, ...then } = first!;
  const directory = await withPlan((plan) => ({
    ...plan,
    injections: [
      { ...then, fault: "switchover", failureClass: "planned" },
      { ...then, injection: 2, fault: "kill-node", failureClass: "node-loss" },
    ],
  }));
  const { injections } = (await readRecording(directory)).plan;
  expect(injections.map((each) => [each.fault, each.failureClass, kindOf(each)])).toEqual([
    ["switchover", "planned", "operation"],
    ["kill-node", "node-loss", "fault"],
  ]);
});

test("a recording of format 1 is read: what is `observed` now was `felt` then, in the plan and in the events", async () => {
  const directory = await withPlan(({ budgets: { observedMs, ...budgets }, ...plan }) => ({
    ...plan,
    formatVersion: 1,
    budgets: { ...budgets, feltMs: observedMs + 1 },
  }));
  const moment = { kind: "injection", atUs: 1, injection: 1, fault: "kill-node", victim: "coordinator-1" };
  await writeFile(
    path.join(directory, "events.ndjson"),
    `${JSON.stringify({ ...moment, moment: "injected" })}\n${JSON.stringify({ ...moment, moment: "felt" })}\n`,
  );
  const { plan, events } = await readRecording(directory);
  expect(plan.budgets.observedMs).toBe(fakeRecording({}).plan.budgets.observedMs + 1);
  expect(plan.budgets).not.toHaveProperty("feltMs");
  expect(events).toMatchObject([{ moment: "injected" }, { moment: "observed" }]);
});

test.each(["sleep", "nap", "spin"])(
  "a recording of format 2 is read, whose benchmark was paced by %s: there is no such setting any more",
  async (pacing) => {
    const { plan } = fakeBenchmarkRecording();
    const benchmark = { ...plan.benchmark, client: { ...plan.benchmark!.client, pacing } };
    const directory = await withPlan(() => ({ ...plan, formatVersion: 2, benchmark }));
    expect((await readRecording(directory)).plan).toEqual(plan);
  },
);

describe("a recording of a format that this dpg-bench does not read", () => {
  test.each([0, 1.5, formatVersions.plan + 1])(
    "is refused with what to do: format %s",
    async (formatVersion) => {
      const directory = await withPlan((plan) => ({ ...plan, formatVersion }));
      await expect(readRecording(directory)).rejects.toMatchObject({
        code: "other-format",
        problems: [
          {
            where: directory,
            message: `expected a recording of format 1, 2 or 3, which this dpg-bench can read, found format ${formatVersion}.`,
            suggestion: "It was written by another version of dpg-bench: read it with that one.",
          },
        ],
      });
    },
  );

  test("is refused with the version that wrote it, in one line, where environment.json tells", async () => {
    const directory = await withPlan((plan) => ({ ...plan, formatVersion: formatVersions.plan + 1 }));
    await writeFile(path.join(directory, "environment.json"), '{"dpgBench":{"version":"0.7.0\\n"}}');
    await expect(readRecording(directory)).rejects.toMatchObject({
      problems: [{ suggestion: "It was written by dpg-bench 0.7.0\\u000a: read it with that one." }],
    });
  });
});

/** A recording of nothing but a plan, as it may have been written by another dpg-bench. */
async function withPlan(asWritten: (plan: RunPlan) => unknown): Promise<string> {
  const { plan } = fakeRecording({});
  const writer = await createRun(runs, plan);
  await writer.finish({ kind: "complete" });
  await writeFile(path.join(writer.directory, "plan.json"), JSON.stringify(asWritten(plan)));
  return writer.directory;
}

/** Written as it was then, read back, measured, judged and reported. */
async function concluded(recording: Recording) {
  const writer = await createRun(runs, recording.plan);
  for (const event of recording.events) writer.event(asBefore(event));
  for (const [stream, samples] of recording.samples) {
    writer.samples(
      stream,
      [...samples].map(({ acknowledgedBy: _acknowledgedBy, ...sample }) => sample),
    );
  }
  for (const reading of recording.ledgers) writer.ledger(reading);
  for (const { stage, engine, startedUs, seconds, end } of recording.stages) {
    writer.stageBegun(stage, engine, startedUs);
    for (const second of seconds) {
      const { senderCores: _senderCores, ...client } = second.client;
      const operations = second.operations.map(({ noticed: _noticed, ...operation }) => operation);
      writer.stageSecond({ ...second, client, operations });
    }
    if (end !== null) writer.stageEnded(stage.stage, end, end.atUs);
  }
  writer.resources(recording.resources);
  writer.invariants(recording.invariants);
  if (recording.environment !== null) writer.environment(recording.environment);
  await writer.finish(recording.end);

  const file = path.join(writer.directory, "plan.json");
  const { budgets, advice, ...plan } = recording.plan;
  const { holdMs: _holdMs, ...then } = budgets;
  const bands = advice.bands.map(({ metric: _metric, roles: _roles, ...band }) => band);
  await writeFile(file, JSON.stringify({ ...plan, budgets: then, advice: { ...advice, bands } }));
  const read = await readRecording(writer.directory);
  const measurements = measure(read, checkSafety(read));
  const verdict = judge({ plan: read.plan, measurements, end: read.end });
  const run = { recording: read, measurements, verdict, workload: null };
  return { verdict, reports: [renderHtml(run, { chartsScript: "" }), renderJunit(run)] };
}
