import type { FoundCluster } from "../runtime/container-runtime.ts";
import type { CommandContext } from "./command-context.ts";
import { isInUse } from "./choose-clusters.ts";
import { countByKind } from "./remove-orphans.ts";

/** Removes the clusters that nobody uses, those in use as well when `evenInUse`, and says what became of each. */
export async function removeClusters(
  clusters: readonly FoundCluster[],
  evenInUse: boolean,
  { io, runtime }: Pick<CommandContext, "io" | "runtime">,
): Promise<void> {
  for (const cluster of clusters) {
    const name = `${cluster.topology} ${cluster.id} (${cluster.mode})`;
    if (!evenInUse && isInUse(cluster)) {
      io.stdout(`kept ${name}: a process is using it (\`dpg-bench clean --all\` takes such clusters too)\n`);
      continue;
    }
    const removed = await runtime.removeLeftovers({ scope: "all", clusterId: cluster.id });
    io.stdout(`removed ${name}: ${countByKind(removed)}\n`);
  }
}
