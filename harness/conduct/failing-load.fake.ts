/**
 * A harness's process: it has a real agent send a stage, over the channel by which it speaks to agents in containers,
 * records it and reads the recording back; then it says how much memory that took. Started by failing-load.test.ts.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { Duplex, Transform } from "node:stream";
import type Dockerode from "dockerode";
import { frame, STDOUT } from "../runtime/docker/frame.fake.ts";
import { attachChannel } from "../runtime/docker/line-channel.ts";
import { conductStages } from "./conduct-stages.ts";
import { connectAgent } from "../load/client/connect-agent.ts";
import { fakeBenchmarkPlan } from "../model/benchmark-recording.fake.ts";
import { createRun } from "../store/create-run.ts";
import { readRecording } from "../store/read-recording.ts";
import { systemClock } from "../support/system-clock.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { quietProgress } from "../model/progress.fake.ts";

/** Given as JSON. */
export interface FailingLoad {
  readonly agentProgram: string;
  readonly runs: string;
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface FailedLoad {
  readonly harnessMb: number;
  readonly agentMb: number;
  /** By code, over all seconds. */
  readonly failed: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly end: string;
}

const { agentProgram, runs, port, perSecond, seconds } = JSON.parse(process.argv[2] ?? "") as FailingLoad;
const phases = { warmupSeconds: 0, steadySeconds: seconds, coolDownSeconds: 0 };
const shape = { kind: "open", arrival: "constant", rate: { kind: "constant", perSecond } } as const;
const plan = fakeBenchmarkPlan({
  client: { agents: 1 },
  benchmark: { phases, method: { kind: "fixed", stages: [{ name: "all fail", shape }] } },
});
// Tests beside this one look at the time; this one does not. The agent inherits it.
setPriority(constants.priority.PRIORITY_LOW);
const workload = findWorkload("point-select", { rows: 100_000 });
if (workload === undefined) throw new Error("Expected the workload point-select, found none");
const clock = systemClock();
const agentProcess = spawn(process.execPath, [agentProgram], { stdio: ["pipe", "pipe", "inherit"] });
const channel = await attachChannel(containerOf(agentProcess), 1000);
const agent = await connectAgent({ channel, ...clock, clock, password: "" });
const recording = await createRun(runs, plan);
const here = { host: "127.0.0.1", port };
await conductStages({
  seed: 1,
  benchmark: plan.benchmark,
  variant: { name: "", topology: plan.topology },
  workload: { ...workload, invariants: [] },
  agent: {
    startStage: (load, receiver) =>
      agent.startStage({ ...load, endpoints: { readWrite: here, readOnly: here } }, receiver),
    stopStage: () => agent.stopStage(),
    run: () => Promise.resolve([]),
  },
  applySettings: () => Promise.resolve(),
  indexAfterLoad: () => Promise.resolve(),
  resources: { stageEnded: () => Promise.resolve() },
  disturb: null,
  disturbedPhases: { warmupSeconds: 0, steadySeconds: 1 },
  recording,
  done: [],
  clock,
  signal: new AbortController().signal,
  progress: quietProgress,
});
const agentMb = peakOf(agentProcess.pid ?? 0);
await agent[Symbol.asyncDispose]();
await recording.finish({ kind: "complete" });
const [stage] = (await readRecording(recording.directory)).stages;
const failed: Record<string, number> = {};
for (const { operations } of stage?.seconds ?? []) {
  for (const [code, count] of operations.flatMap((each) => Object.entries(each.failed))) {
    failed[code] = (failed[code] ?? 0) + count;
  }
}
const samples = [...(stage?.samples.values() ?? [])].reduce((sum, { length }) => sum + length, 0);
const harnessMb = process.resourceUsage().maxRSS / 1024;
const told: FailedLoad = { harnessMb, agentMb, failed, samples, end: stage?.end?.kind ?? "none" };
process.stdout.write(JSON.stringify(told));

/** Its output in frames, as the container engine sends it. */
function containerOf(child: typeof agentProcess): Dockerode.Container {
  const readable = child.stdout.pipe(
    new Transform({
      transform(bytes: Buffer, _encoding, done) {
        done(null, frame(STDOUT, bytes));
      },
    }),
  );
  const connection = Duplex.from({ readable, writable: child.stdin });
  return { attach: () => Promise.resolve(connection) } as unknown as Dockerode.Container;
}

/** The most memory that a process has had, in MiB. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1024;
}
