import { bringUpCluster } from "./bring-up-cluster.ts";
import { clusterOptions } from "./cluster-options.ts";
import { conductPhases } from "./conduct-phases.ts";
import { describeEnvironment } from "./describe-environment.ts";
import { keepLogs } from "./keep-logs.ts";
import { startLoad } from "../load/client/start-load.ts";
import type { RunPlan } from "../model/plan.ts";
import { narrateLoad } from "./narrate-load.ts";
import type { Conducting } from "./run-context.ts";
import { findWorkload } from "../workloads/catalogue.ts";

/** A run of faults: one cluster under open load, and one injection after the other. */
export async function conductFaults(plan: RunPlan, conducting: Conducting): Promise<void> {
  const { clock, signal, progress, recording, keep, giveUp } = conducting;
  await using cluster = await bringUpCluster(plan.topology, {
    ...clusterOptions(plan, conducting),
    workload: findWorkload(plan.load?.background?.workload ?? "") ?? null,
  });
  try {
    recording.environment(await describeEnvironment(cluster, clock));
    await using load = await startLoad({
      plan,
      agent: cluster.agent,
      recording,
      clock,
      signal,
      onBroken: giveUp,
    });
    using _narration = narrateLoad(load, progress);
    await conductPhases({ plan, cluster, load, clock, signal, progress, recording });
  } finally {
    if (keep) cluster.keep();
    await keepLogs(cluster, recording);
  }
}
