import { describe, expect, test } from "vitest";
import { conductStages } from "./conduct-stages.ts";
import type { StageLoad } from "../load/protocol/stage-load.ts";
import { inPieces, type WriteOutcomesPiece } from "../load/protocol/write-outcomes-piece.ts";
import {
  fakeBenchmarkPlan,
  fakeBenchmarkRecording,
  fakeOpenShape,
} from "../model/benchmark-recording.fake.ts";
import type { BenchmarkMethod, PlannedVariant, SustainedLoad } from "../model/benchmark.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { HarnessError } from "../model/errors.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { RecordingWriter } from "../model/recording.ts";
import { fakeSqlRunner } from "../model/sql-runner.fake.ts";
import type { InvariantReading, StageEnd, StageSecond } from "../model/stage.ts";
import type { Workload } from "../model/workload.ts";
import { noOutcomes } from "../model/write-outcomes.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import type { VariantStages } from "./variant-stages.ts";

const updates = findWorkload("update-one", { rows: 1000 })!;

/** How one stage fares: `never` does not end by itself. */
type Fares = StageEnd | "never" | HarnessError;

const well: Fares = { kind: "complete" };
const stages = (...names: readonly string[]): BenchmarkMethod => ({
  kind: "fixed",
  stages: names.map((name) => ({ name, shape: fakeOpenShape(1000) })),
});

interface Situation {
  readonly method: BenchmarkMethod;
  readonly fares?: (load: StageLoad) => Fares;
  readonly variant?: string;
  readonly workload?: Workload;
  /** What the engine tells of each stage's writes. */
  readonly writes?: readonly WriteOutcomesPiece[];
  readonly answer?: Parameters<typeof fakeSqlRunner>[0]["answer"];
  readonly disturb?: VariantStages["disturb"];
  readonly sustained?: SustainedLoad;
  /** Aborts the run while the stage of this number is under way. */
  readonly abortIn?: number;
}

async function conduct(situation: Situation) {
  const { method, fares = () => well, variant: name = "", abortIn } = situation;
  const { workload = updates, writes = [], answer = () => [{ found: 1000 }] } = situation;
  const clock = fakeClock();
  const plan = fakeBenchmarkPlan({
    client: { agents: 1 },
    benchmark: { method, sustained: situation.sustained },
  });
  const variant: PlannedVariant = { name, topology: plan.topology };
  const controller = new AbortController();
  const log: string[] = [];
  const loads: StageLoad[] = [];
  const done: StageMeasurement[] = [];
  const stopped: (() => void)[] = [];
  const read: InvariantReading[] = [];
  const seconds: StageSecond[] = [];
  const sql = fakeSqlRunner({ clock, tookMs: 1, answer });
  const recording: RecordingWriter = {
    directory: "nowhere",
    event: (event) => {
      if (event.kind === "stage") log.push(`event ${event.name} ${event.phase}`);
    },
    samples: () => undefined,
    ledger: () => undefined,
    stageBegun: ({ stage }, { version }) => void log.push(`begun ${stage} by ${version}`),
    stageSecond: (second) => {
      log.push(`second of ${second.stage}`);
      seconds.push(second);
    },
    stageSeconds: (number) => seconds.filter(({ stage }) => stage === number),
    stageSamples: () => undefined,
    stageAnswers: () => undefined,
    exactAnswers: () => undefined,
    stageEnded: (stage, end) => void log.push(`ended ${stage} ${end.kind}`),
    resources: (readings) => void log.push(`${readings.length} readings`),
    statements: () => undefined,
    invariants: (readings) => {
      read.push(...readings);
      log.push(`${readings.length} invariants of "${readings[0]?.variant}"`);
    },
    placements: () => undefined,
    copyAnswers: () => undefined,
    environment: () => undefined,
    file: () => Promise.resolve(),
    finish: () => Promise.resolve(),
  };
  const startStage: VariantStages["agent"]["startStage"] = (load, receiver) => {
    loads.push(load);
    const fate = fares(load);
    if (fate instanceof HarnessError) return Promise.reject(fate);
    const startedUs = clock.nowUs();
    const send = async () => {
      for (const second of secondsOf(load)) {
        await clock.sleep(1000);
        receiver.second(second);
        if (load.stage === abortIn) controller.abort(new Error("enough"));
      }
      for (const piece of writes) receiver.writes?.(piece);
      if (fate === "never") await new Promise<void>((resolve) => stopped.push(resolve));
      const end: StageEnd = fate === "never" ? { kind: "failed", code: "stopped", reason: "told to" } : fate;
      return { ...end, atUs: clock.nowUs() };
    };
    const engine = { version: "fake", timer: "none", timerResolutionNs: 1, ownCostUs: null };
    return Promise.resolve({ startedUs, engine, ended: send() });
  };
  const setting: VariantStages = {
    seed: 1,
    benchmark: plan.benchmark,
    variant,
    workload,
    agent: {
      ...sql,
      startStage,
      stopStage: () => {
        log.push("stop");
        return Promise.resolve();
      },
    },
    applySettings: () => Promise.resolve(),
    indexAfterLoad: () => Promise.resolve(),
    resources: {
      stageEnded: (stage) => Promise.resolve(void log.push(`statements of ${stage}`)),
    },
    disturb: situation.disturb ?? null,
    disturbedPhases: { warmupSeconds: 1, steadySeconds: 5 },
    recording,
    done,
    clock,
    signal: controller.signal,
    progress: {
      step: () => undefined,
      detail: () => undefined,
      note: (text) => void log.push(`note ${text}`),
    },
  };
  let failure: unknown = null;
  const conducting = conductStages(setting).catch((error: unknown) => (failure = error));
  await clock.run();
  await conducting;
  return { log, loads, done, failure, read };
}

/** Seven seconds of a system that answers 1,000/s, in 0.5 ms and more. */
function secondsOf({ stage, phases, shape }: StageLoad): readonly StageSecond[] {
  const recorded = fakeBenchmarkRecording({
    client: { agents: 1 },
    stages: [{ shape, phases, okPerSecond: 1000 }],
  });
  return (recorded.stages[0]?.seconds ?? []).map((second) => ({ ...second, stage }));
}

const withoutSeconds = (log: readonly string[]): readonly string[] =>
  log.filter((line) => !line.startsWith("second"));

test("stages follow one another, each recorded as it goes, and the invariants are read after the last", async () => {
  const { log, loads, done, failure } = await conduct({ method: stages("calm", "busy"), variant: "small" });
  expect(failure).toBeNull();
  expect(withoutSeconds(log)).toEqual([
    "begun 1 by fake",
    "event small: calm warmup",
    "event small: calm steady",
    "event small: calm cool-down",
    "ended 1 complete",
    "event small: calm ended",
    "statements of 1",
    "begun 2 by fake",
    "event small: busy warmup",
    "event small: busy steady",
    "event small: busy cool-down",
    "ended 2 complete",
    "event small: busy ended",
    "statements of 2",
    '3 invariants of "small"',
  ]);
  expect(log.filter((line) => line === "second of 2")).toHaveLength(7);
  expect(done.map(({ title, problem }) => [title, problem])).toEqual([
    ["small: calm", null],
    ["small: busy", null],
  ]);
  expect(loads.map(({ firstId }) => firstId)).toEqual([1_000_000_000, 2_000_000_000]);
  expect(new Set(loads.map(({ seed }) => seed)).size).toBe(2);
  expect(loads[0]?.endpoints.readWrite).toEqual({ host: "haproxy", port: 5432 });
});

test("the next stage is chosen from what the one before measured", async () => {
  const phases = { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 0 };
  const search = { arrival: "poisson", saturationClients: 16, steps: 1, phases } as const;
  const { done } = await conduct({ method: { kind: "fractions-of-capacity", search, percents: [50] } });
  expect(done.map(({ stage }) => stage.name)).toEqual(["saturation", "step 1: 660/s", "50 % of capacity"]);
});

test("of inserts that the engine told one by one, each is looked for by its id", async () => {
  const told = noOutcomes("select", 1_000_000_000);
  for (let number = 0; number < 7000; number += 1) told.numbers.ok.add(number);
  const insert = findWorkload("insert")!;
  // The seconds that are made up here call their operation so.
  const operations = insert.operations.map((each) => ({ ...each, name: "select" }));
  const invariants = insert.invariants.map((each) => ({
    ...each,
    counted: each.counted === null ? null : "select",
  }));
  const { read } = await conduct({
    method: stages("calm"),
    workload: { ...insert, operations, invariants },
    writes: [...inPieces(told)],
    answer: (sql) =>
      sql.includes("id between 1000000000 and 1000006999) as present")
        ? [{ from: "1000000003", to: "1000006999" }]
        : [{ found: 0 }],
  });
  expect(read[0]).toMatchObject({
    title: "no acknowledged select is missing",
    found: 3,
    missingIds: [1_000_000_000, 1_000_000_001, 1_000_000_002],
  });
  expect(read[1]).toMatchObject({ found: 0 });
});

test("a stage that cannot begin is recorded with its reason, and the next one is run", async () => {
  const refused = new HarnessError({ code: "53300", message: "too many clients already" });
  const { log, done, failure } = await conduct({
    method: stages("calm", "busy"),
    fares: ({ stage }) => (stage === 1 ? refused : well),
  });
  expect(failure).toBeNull();
  expect(withoutSeconds(log).slice(0, 5)).toEqual([
    "begun 1 by native",
    "ended 1 failed",
    "event calm ended",
    "note calm failed: too many clients already (53300)",
    "statements of 1",
  ]);
  expect(done[0]?.problem).toContain("53300");
  expect(done[1]?.problem).toBeNull();
});

test("a stage that breaks off is a result, and what came of it is kept", async () => {
  const { log, done, failure } = await conduct({
    method: stages("calm", "busy"),
    fares: ({ stage }) => (stage === 1 ? { kind: "failed", code: "XX000", reason: "no more" } : well),
  });
  expect(failure).toBeNull();
  expect(log.filter((line) => line === "second of 1")).toHaveLength(7);
  expect(done.map(({ problem }) => problem === null)).toEqual([false, true]);
});

test("an agent that dies in mid-stage ends the run; the seconds that it had sent are in the recording", async () => {
  const { log, failure } = await conduct({
    method: stages("calm", "busy"),
    fares: () => ({ kind: "failed", code: "agent-failed", reason: "The agent is gone" }),
  });
  expect(failure).toMatchObject({ code: "agent-failed", message: "The agent is gone" });
  expect(log.filter((line) => line === "second of 1")).toHaveLength(7);
  expect(withoutSeconds(log).slice(-2)).toEqual(["ended 1 failed", "event calm ended"]);
});

test("an agent that does not answer ends the run", async () => {
  const gone = new HarnessError({ code: "agent-silent", message: "no answer" });
  const { failure, loads } = await conduct({ method: stages("calm", "busy"), fares: () => gone });
  expect(failure).toBe(gone);
  expect(loads).toHaveLength(1);
});

test("an interrupt ends the stage at once, and it is left without an end", async () => {
  const { log, failure } = await conduct({ method: stages("calm"), fares: () => "never", abortIn: 1 });
  expect(failure).toMatchObject({ message: "enough" });
  expect(log.some((line) => line.startsWith("ended"))).toBe(false);
  expect(log.at(-1)).not.toContain("invariants");
});

test("a stage that does not end within its budget is stopped, and failed", async () => {
  const { log, done } = await conduct({
    method: stages("calm", "busy"),
    fares: ({ stage }) => (stage === 1 ? "never" : well),
  });
  expect(log).toContain("stop");
  expect(done[0]?.problem).toContain("stage-not-ended");
  expect(done[1]?.problem).toBeNull();
});

describe("the cluster is disturbed", () => {
  const fractions: BenchmarkMethod = stages("calm");
  const under = { sustained: { kind: "shape", name: "always", shape: fakeOpenShape(1000) } } as const;

  test("after the stages, under load that ends when the faults are over, and before the invariants are read", async () => {
    const steps: string[] = [];
    const { log, loads, failure } = await conduct({
      method: fractions,
      ...under,
      fares: ({ stage }) => (stage === 2 ? "never" : well),
      disturb: () => Promise.resolve(void steps.push("disturbed")),
    });
    expect(failure).toBeNull();
    expect(steps).toEqual(["disturbed"]);
    expect(loads.map(({ phases }) => phases)[1]).toEqual({
      warmupSeconds: 1,
      steadySeconds: 5,
      coolDownSeconds: 0,
    });
    expect(log.indexOf("note Under the faults: always")).toBeGreaterThan(log.indexOf("statements of 1"));
    expect(log.indexOf("stop")).toBeLessThan(log.indexOf("statements of 2"));
    expect(log.at(-1)).toBe('3 invariants of ""');
  });

  test("also where no capacity was found of which a share could be sent, which is said", async () => {
    const steps: string[] = [];
    const { log, loads, failure } = await conduct({
      method: fractions,
      sustained: { kind: "share-of-capacity", percent: 50 },
      disturb: () => Promise.resolve(void steps.push("disturbed")),
    });
    expect(failure).toBeNull();
    expect(steps).toEqual(["disturbed"]);
    expect(loads).toHaveLength(1);
    expect(log).toContainEqual(expect.stringContaining("note No load was sustained under the faults"));
  });

  test("and what fails there ends the load, and is raised", async () => {
    const { log, failure } = await conduct({
      method: fractions,
      ...under,
      fares: ({ stage }) => (stage === 2 ? "never" : well),
      disturb: () => Promise.reject(new Error("the ledger is gone")),
    });
    expect(failure).toMatchObject({ message: "the ledger is gone" });
    expect(log).toContain("stop");
  });

  test("no longer once the agent is gone", async () => {
    const { failure } = await conduct({
      method: fractions,
      ...under,
      fares: ({ stage }) =>
        stage === 2 ? { kind: "failed", code: "agent-failed", reason: "it was killed" } : well,
      disturb: () => new Promise(() => undefined),
    });
    expect(failure).toMatchObject({ code: "agent-failed" });
  });
});
