import path from "node:path";
import { bringUpCluster, type RunningCluster } from "./bring-up-cluster.ts";
import { concludeRun, type Conclusion } from "./conclude-run.ts";
import { conductInjection } from "./conduct-injection.ts";
import { describeEnvironment } from "./describe-environment.ts";
import { startLoad } from "./load/start-load.ts";
import type { RunPlan } from "./model/plan.ts";
import type { RecordingWriter } from "./model/recording.ts";
import { narrateLoad } from "./narrate-load.ts";
import { longestSeconds } from "./plan/longest-seconds.ts";
import type { Conducting, RunContext } from "./run-context.ts";
import { createRun } from "./store/create-run.ts";
import { systemClock } from "./system-clock.ts";
import { findWorkload } from "./workloads/catalogue.ts";

/**
 * One run, from the plan to the verdict: cluster, load and faults, recording, measurements, verdict, reports.
 * However it ends, what was recorded is kept and concluded from, and the cluster is removed; an error is raised
 * again after that.
 */
export async function conductRun(plan: RunPlan, context: RunContext): Promise<Conclusion> {
  const clock = systemClock();
  const storage = new AbortController();
  const signal = AbortSignal.any([context.signal, storage.signal]);
  const recording = await createRun(context.runsDirectory, plan, (failure) => storage.abort(failure));
  context.progress.note(`Recording to ${recording.directory}`);
  try {
    await conduct(plan, { ...context, clock, signal, recording });
    await recording.finish({ kind: "complete" });
  } catch (error) {
    await concludeIncomplete(recording, error, context);
    throw error;
  }
  context.progress.step("Report");
  return await concludeRun(recording.directory);
}

async function conduct(plan: RunPlan, conducting: Conducting): Promise<void> {
  const { clock, signal, progress, recording, keep } = conducting;
  await using cluster = await bringUpCluster(plan.topology, {
    ...conducting,
    runId: path.basename(recording.directory),
    mode: keep ? "interactive" : "run",
    workload: plan.load.background === null ? null : (findWorkload(plan.load.background.workload) ?? null),
    budgets: plan.budgets,
    lifetimeSeconds: longestSeconds(plan),
    onEvent: (event) => recording.event(event),
    keepFile: (file, text) => recording.file(file, text),
  });
  try {
    recording.environment(await describeEnvironment(cluster, clock));
    await using load = await startLoad({ plan, agent: cluster.agent, recording, clock, signal });
    using _narration = narrateLoad(load, progress);
    progress.step(`Warm-up and steady load`);
    load.enterPhase("warmup", null);
    await clock.sleep(plan.phases.warmupSeconds * 1000, signal);
    load.enterPhase("steady", null);
    await clock.sleep(plan.phases.steadySeconds * 1000, signal);
    for (const injection of plan.injections) {
      progress.step(`Injection ${injection.injection} of ${plan.injections.length}: ${injection.fault}`);
      const outcome = await conductInjection(injection, { ...conducting, plan, cluster, load });
      if (outcome.healed) continue;
      const text = `Injection ${injection.injection} (${injection.fault}): ${outcome.problem ?? "full redundancy did not come back"}. Nothing more is injected.`;
      progress.note(text);
      recording.event({ kind: "note", atUs: clock.nowUs(), text });
      break;
    }
    progress.step("Last ledger reading");
    await load.finish();
  } finally {
    await keepLogs(cluster, recording);
    if (keep) cluster.keep();
  }
}

/** Every node's log, so that a surprising figure can be traced; what cannot be read says so in its file. */
async function keepLogs(cluster: RunningCluster, recording: RecordingWriter): Promise<void> {
  await Promise.all(
    cluster.layout.nodes.map(async ({ name }) => {
      const log = await cluster.logs(name).catch((error: unknown) => `(no log: ${String(error)})\n`);
      await recording.file(`logs/${name}.log`, log);
    }),
  );
}

/** The first error matters: one while concluding from what there is only becomes a note. */
async function concludeIncomplete(
  recording: RecordingWriter,
  error: unknown,
  context: RunContext,
): Promise<void> {
  const reason = error instanceof Error ? (error.message.split("\n")[0] ?? error.name) : String(error);
  try {
    await recording.finish({ kind: "incomplete", reason });
    const { reportPath } = await concludeRun(recording.directory);
    context.progress.note(`What was recorded until then: ${reportPath}`);
  } catch (failure) {
    context.progress.note(`No report of what was recorded until then: ${String(failure)}`);
  }
}
