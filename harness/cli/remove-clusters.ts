import type { FoundCluster } from "../runtime/docker/list-clusters.ts";
import { removeLeftovers } from "../runtime/docker/remove-leftovers.ts";
import type { CliIo } from "./cli-io.ts";
import { isInUse } from "./choose-clusters.ts";
import { countByKind } from "./remove-orphans.ts";

/** Removes the clusters that nobody uses, those in use as well when `evenInUse`, and says what became of each. */
export async function removeClusters(
  clusters: readonly FoundCluster[],
  { evenInUse, io }: { readonly evenInUse: boolean; readonly io: CliIo },
): Promise<void> {
  for (const cluster of clusters) {
    const name = `${cluster.topology} ${cluster.id} (${cluster.mode})`;
    if (!evenInUse && isInUse(cluster)) {
      io.stdout(`kept ${name}: a process is using it (\`dpg-bench clean --all\` takes such clusters too)\n`);
      continue;
    }
    const removed = await removeLeftovers({ scope: "all", clusterId: cluster.id });
    io.stdout(`removed ${name}: ${countByKind(removed)}\n`);
  }
}
