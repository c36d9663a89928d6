import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { conductStage } from "./conduct-stage.ts";
import type { VariantStages } from "./variant-stages.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { StageSecond } from "../model/stage.ts";
import { createRun } from "../store/create-run.ts";
import { systemClock } from "../support/system-clock.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { quietProgress } from "../model/progress.fake.ts";

test("while a stage runs its seconds are in the recording alone, and it is measured from there", async () => {
  const runs = await mkdtemp(path.join(tmpdir(), "dpg-conduct-stage-"));
  const phases = { warmupSeconds: 0, steadySeconds: 50, coolDownSeconds: 0 };
  const made = fakeBenchmarkRecording({ client: { agents: 1 }, stages: [{ phases, okPerSecond: 1000 }] });
  const [stage] = made.stages;
  const { benchmark } = made.plan;
  const recording = await createRun(runs, made.plan);
  let held = NaN;
  const startStage: VariantStages["agent"]["startStage"] = (_load, receiver) => {
    const send = async () => {
      const sent = stage!.seconds.map((second) => {
        const told = structuredClone<StageSecond>(second);
        receiver.second(told);
        return new WeakRef(told);
      });
      await collectGarbage();
      held = sent.filter((second) => second.deref() !== undefined).length;
      return { kind: "complete", atUs: stage!.end!.atUs } as const;
    };
    return Promise.resolve({ startedUs: stage!.startedUs, engine: stage!.engine, ended: send() });
  };
  const { measurement, counts } = await conductStage(stage!.stage, {
    seed: 1,
    benchmark: benchmark!,
    variant: benchmark!.variants[0]!,
    workload: findWorkload("point-select")!,
    agent: { startStage, stopStage: () => Promise.resolve(), run: () => Promise.resolve([]) },
    applySettings: () => Promise.resolve(),
    indexAfterLoad: () => Promise.resolve(),
    resources: { stageEnded: () => Promise.resolve() },
    disturb: null,
    disturbedPhases: { warmupSeconds: 0, steadySeconds: 0 },
    recording,
    done: [],
    clock: systemClock(),
    signal: new AbortController().signal,
    progress: quietProgress,
  });
  await recording.finish({ kind: "complete" });
  await rm(runs, { recursive: true });
  // The newest is what whoever watches is told of.
  expect(held).toBeLessThanOrEqual(2);
  expect(measurement.problem).toBeNull();
  expect(measurement.operations[0]?.outcomes.ok).toBe(50_000);
  expect(counts).toEqual({ select: { ok: 50_000, failed: 0, unknown: 0 } });
});

async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let times = 0; times < 3; times += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}
