import { tmpdir } from "node:os";
import path from "node:path";
import { advise } from "../advise/advise.ts";
import { bringUpCluster } from "../conduct/bring-up-cluster.ts";
import { formatValue } from "../model/format-value.ts";
import type { BudgetSettings } from "../model/plan.ts";
import type { Topology } from "../model/topology.ts";
import { chooseBudgets } from "../plan/choose-budgets.ts";
import { writeResult } from "../store/write-result.ts";
import { systemClock } from "../support/system-clock.ts";
import type { CommandContext } from "./command-context.ts";
import { connectLines, entryLines } from "./connect-lines.ts";
import { createProgress } from "./progress/create-progress.ts";
import { removeOrphans } from "./remove-orphans.ts";

/** Brings a cluster up, leaves it running and prints how to get in. The conductor's call site of `up`. */
export async function bringUpInteractive(
  topology: Topology,
  {
    hours,
    budgets,
    context,
  }: {
    readonly hours: number;
    readonly budgets: BudgetSettings;
    readonly context: CommandContext;
  },
): Promise<void> {
  const { io, runtime, signal } = context;
  await removeOrphans(context);
  signal.throwIfAborted();
  const progress = createProgress(io);
  const keptIn = path.join(tmpdir(), `dpg-bench-up-${process.pid}`);
  try {
    await using cluster = await bringUpCluster(topology, {
      runtime,
      runId: "interactive",
      mode: "interactive",
      workload: null,
      budgets: chooseBudgets(topology, advise(topology, []), budgets),
      lifetimeSeconds: hours * 3600,
      clock: systemClock(),
      progress,
      signal,
      onEvent: () => undefined,
      keptIn,
      // Configuration is in the containers; logs are kept only of what did not come up.
      keepFile: async (file, text) => {
        if (file.startsWith("logs/")) await writeResult(keptIn, file, text);
      },
    });
    const { memoryMb } = cluster;
    const found = (await runtime.clusters()).find(({ id }) => id === cluster.id);
    cluster.keep();
    await progress.close("done");
    const lines = [
      `${topology.name} ${cluster.id} is up after ${formatValue(cluster.readyAfterMs / 1000, "s")} and holds ${formatValue(memoryMb, "MiB")} of memory; \`dpg-bench down ${cluster.id}\` removes it.`,
      "",
      ...entryLines({
        ...cluster.entry,
        database: topology.postgres.database,
        password: cluster.credentials.clientPassword,
      }),
      ...(found === undefined ? [] : connectLines(found, runtime)),
    ];
    io.stdout(`${lines.join("\n")}\n`);
  } catch (error) {
    await progress.close("failed");
    throw error;
  }
}
