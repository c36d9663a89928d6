import type { Command } from "commander";
import type { FoundCluster } from "../../cluster/runtimes/docker/list-clusters.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-context.ts";

/** `clean`: removes what dpg-bench started and nobody uses; `--all` also what a living run uses. */
export function registerClean(program: Command, { io }: CommandContext): void {
  program
    .command("clean")
    .description("remove what killed runs left behind, and interactive clusters")
    .option("--all", "also what belongs to runs that are still going", false)
    .action(async ({ all }: { readonly all: boolean }) => {
      const { listClusters } = await import("../../cluster/runtimes/docker/list-clusters.ts");
      const clusters = await listClusters();
      const kept = all ? [] : clusters.filter(isInUse);
      const gone = clusters.filter((cluster) => !kept.includes(cluster));
      for (const cluster of gone) await removeCluster(cluster, io);
      for (const cluster of kept)
        io.stdout(`kept ${describe(cluster)}: its run is still going (--all takes it too)\n`);
      if (clusters.length === 0) io.stdout("Nothing of dpg-bench is here.\n");
    });
}

/** A run's cluster while its process lives; one whose process cannot be looked up counts while it runs. */
function isInUse(cluster: FoundCluster): boolean {
  if (cluster.mode === "interactive") return false;
  if (cluster.owner === "unknown") return cluster.containers.some((container) => container.isRunning);
  return cluster.owner === "alive";
}

async function removeCluster(cluster: FoundCluster, io: CliIo): Promise<void> {
  const { removeLeftovers } = await import("../../cluster/runtimes/docker/remove-leftovers.ts");
  const { countByKind } = await import("../remove-orphans.ts");
  const removed = await removeLeftovers({ scope: "all", clusterId: cluster.id });
  io.stdout(`removed ${describe(cluster)}: ${countByKind(removed)}\n`);
}

function describe(cluster: FoundCluster): string {
  return `${cluster.topology} ${cluster.id} (${cluster.mode})`;
}
