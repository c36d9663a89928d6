import path from "node:path";
import type { BringUpOptions } from "./bring-up-cluster.ts";
import type { RunPlan } from "../model/plan.ts";
import { longestSeconds } from "../plan/longest-seconds.ts";
import type { Conducting } from "./run-context.ts";

/** How a run brings its clusters up, all but the workload. */
export function clusterOptions(plan: RunPlan, conducting: Conducting): Omit<BringUpOptions, "workload"> {
  const { recording, keep, giveUp } = conducting;
  return {
    ...conducting,
    runId: path.basename(recording.directory),
    mode: keep ? "interactive" : "run",
    budgets: plan.budgets,
    lifetimeSeconds: longestSeconds(plan),
    onEvent: (event) => recording.event(event),
    onBroken: giveUp,
    needsK6: plan.benchmark?.client.engine === "k6",
    keptIn: recording.directory,
    keepFile: (file, text) => recording.file(file, text),
  };
}
