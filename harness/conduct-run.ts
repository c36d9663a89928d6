import { bringUpCluster } from "./bring-up-cluster.ts";
import { concludeRun, type Conclusion } from "./conclude-run.ts";
import { conductInjection } from "./conduct-injection.ts";
import { startLoad } from "./load/start-load.ts";
import type { RunContext } from "./run-context.ts";
import type { RunPlan } from "./model/plan.ts";
import { createRun } from "./store/create-run.ts";

/**
 * One run, from the plan to the verdict: plan -> cluster -> load and faults -> recording -> measurements ->
 * verdict -> reports. What was recorded is kept, and concluded from, however the run ends; an error is raised
 * again after that. The cluster is removed on every way out.
 */
export async function conductRun(plan: RunPlan, context: RunContext): Promise<Conclusion> {
  const recording = await createRun(context.runsDirectory, plan);
  try {
    await using cluster = await bringUpCluster(plan.topology, { ...context, recording, budgets: plan.budgets });
    await using load = await startLoad({ plan, cluster, recording, signal: context.signal });
    await load.phase("warmup", plan.phases.warmupSeconds);
    await load.phase("steady", plan.phases.steadySeconds);
    for (const injection of plan.injections) {
      await conductInjection(injection, { plan, cluster, load, recording, ...context });
    }
    await load.finish();
    await recording.finish({ kind: "complete" });
  } catch (error) {
    await recording.finish({ kind: "incomplete", reason: String(error) });
    await concludeRun(recording.directory);
    throw error;
  }
  return await concludeRun(recording.directory);
}
