import { clientEndpoints } from "../model/layout.ts";
import type { Progress } from "../model/progress.ts";
import type { Topology } from "../model/topology.ts";
import type { Workload } from "../model/workload.ts";
import { prepareDatabases } from "../database/prepare-databases.ts";
import { systemClock } from "../support/system-clock.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { bringUpCluster, type BringUpOptions, type RunningCluster } from "./bring-up-cluster.ts";
import { quietProgress } from "../model/progress.fake.ts";

/** A real cluster for a test, which keeps no files of it. */
export function bringUpForTest(
  topology: Topology,
  options: Pick<BringUpOptions, "runId" | "clock" | "signal"> & Partial<BringUpOptions>,
): Promise<RunningCluster> {
  return bringUpCluster(topology, {
    runtime: defaultRuntime,
    mode: "run",
    workload: null,
    budgets: { readyMs: 90_000, commandMs: 30_000 },
    lifetimeSeconds: 600,
    progress: quietProgress,
    onEvent: () => undefined,
    keptIn: "nowhere",
    keepFile: () => Promise.resolve(),
    ...options,
  });
}

/** Fills the workload's tables. */
export async function prepareForTest(
  cluster: RunningCluster,
  workload: Workload,
  progress: Progress = quietProgress,
): Promise<void> {
  await prepareDatabases({
    ...cluster,
    ...{ workload, progress },
    onEvent: () => undefined,
    clock: systemClock(),
    signal: new AbortController().signal,
    remainingMs: () => 90_000,
  });
}

/** Runs statements through the pooler, as a client. */
export async function runAsClient(
  { topology, agent }: Pick<RunningCluster, "topology" | "agent">,
  statements: readonly string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const at = clientEndpoints(topology).readWrite;
  return await agent.run({ at, database: topology.postgres.database, statements, budgetMs: 30_000 });
}
