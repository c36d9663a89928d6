import { conductStage } from "../../harness/conduct/conduct-stage.ts";
import { startLoad } from "../../harness/load/client/start-load.ts";
import type { Agent, LoadSink } from "../../harness/load/client/connect-agent.ts";
import { fakeBenchmarkRecording } from "../../harness/model/benchmark-recording.fake.ts";
import type { PlannedBenchmark } from "../../harness/model/benchmark.ts";
import { fakePlan } from "../../harness/model/plan.fake.ts";
import type { Sample } from "../../harness/model/sample.ts";
import type { StageSecond } from "../../harness/model/stage.ts";
import { createRun } from "../../harness/store/create-run.ts";
import { systemClock } from "../../harness/support/system-clock.ts";
import { findWorkload } from "../../harness/workloads/catalogue.ts";
import type { GrowingPart } from "./growing-part.ts";

const PROBES_PER_SECOND = 100;
const quiet = { step: () => undefined, detail: () => undefined, note: () => undefined };

/** An hour of a stage of 1,000 operations per second of two agents, each second as it comes over the line. */
export const harnessStage: GrowingPart = async ({ folder, read }) => {
  const phases = { warmupSeconds: 0, steadySeconds: 50, coolDownSeconds: 0 };
  const made = fakeBenchmarkRecording({ client: { agents: 2 }, stages: [{ name: "an hour", phases }] });
  const { plan } = made;
  const [stage] = made.stages;
  const workload = findWorkload("point-select", {});
  if (stage === undefined || plan.benchmark === null || workload === undefined) throw new Error("no stage");
  const lines = stage.seconds.map((second) => JSON.stringify(second));
  const seconds = 3600;
  const recording = await createRun(folder, plan);
  const agent: Pick<Agent, "startStage" | "stopStage" | "run"> = {
    run: () => Promise.resolve([]),
    stopStage: () => Promise.resolve(),
    startStage: (_load, receiver) => {
      const send = async () => {
        let operations = 0;
        for (let at = 1; at <= seconds; at += 1) {
          for (const share of [0, 1]) {
            const second = JSON.parse(lines[(2 * at + share) % lines.length] ?? "") as StageSecond;
            const fromUs = stage.startedUs + (at - 1) * 1e6;
            receiver.second({ ...second, fromUs, toUs: fromUs + 1e6 });
            for (const { ok } of second.operations) operations += ok;
          }
          if (at % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
          if (at === 100 || at === seconds) await read({ operations, seconds: at });
        }
        return { kind: "complete", atUs: stage.startedUs + seconds * 1e6 } as const;
      };
      return Promise.resolve({ startedUs: stage.startedUs, engine: stage.engine, ended: send() });
    },
  };
  const benchmark: PlannedBenchmark = plan.benchmark;
  const [variant] = benchmark.variants;
  if (variant === undefined) throw new Error("no variant");
  await conductStage(
    { ...stage.stage, phases: { ...phases, steadySeconds: seconds } },
    {
      seed: 1,
      benchmark,
      variant,
      workload,
      agent,
      applySettings: () => Promise.resolve(),
      indexAfterLoad: () => Promise.resolve(),
      resources: { stageEnded: () => Promise.resolve() },
      disturb: null,
      disturbedPhases: { warmupSeconds: 0, steadySeconds: 0 },
      recording,
      done: [],
      clock: systemClock(),
      signal: new AbortController().signal,
      progress: quiet,
    },
  );
  await recording.finish({ kind: "complete" });
};

/** Three hours of both probes. */
export const harnessProbes: GrowingPart = async ({ folder, read }) => {
  const plan = fakePlan([]);
  const recording = await createRun(folder, plan);
  const started: { sink?: LoadSink } = {};
  const agent: Agent = {
    clockOffset: { offsetUs: 0, uncertaintyUs: 0 },
    run: () => Promise.resolve([]),
    start: (_spec, sink) => {
      started.sink = sink;
      return Promise.resolve(0);
    },
    stop: () => Promise.resolve({ neverSent: 0 }),
    readIds: () => Promise.resolve({ rows: 0, present: [] }),
    startStage: () => Promise.reject(new Error("no stages here")),
    stopStage: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = systemClock();
  const { signal } = new AbortController();
  const load = await startLoad({ plan, agent, recording, clock, signal });
  const { sink } = started;
  if (sink === undefined) throw new Error("the load was not started");
  const health = {
    kind: "agent-health",
    lagP50Us: 1,
    lagP99Us: 2,
    lagMaxUs: 3,
    cpuShare: 0.1,
    neverSent: 0,
  } as const;
  const seconds = 3 * 3600;
  for (let second = 1; second <= seconds; second += 1) {
    const toUs = second * 1e6;
    for (const stream of ["write-probe", "read-probe"] as const)
      sink.samples(stream, samplesOf(second), toUs);
    sink.event({ ...health, atUs: toUs });
    const operations = 2 * PROBES_PER_SECOND * second;
    if (second === 100 || second === seconds) await read({ operations, seconds: second });
    if (second % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await load.finish();
  await recording.finish({ kind: "complete" });
};

function samplesOf(second: number): Sample[] {
  return Array.from({ length: PROBES_PER_SECOND }, (_, index) => {
    const intendedUs = (second - 1) * 1e6 + (index * 1e6) / PROBES_PER_SECOND;
    const id = (second - 1) * PROBES_PER_SECOND + index + 1;
    return { id, intendedUs, startUs: intendedUs, endUs: intendedUs + 900, outcome: "ok", code: null };
  });
}
