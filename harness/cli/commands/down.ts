import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** `down [CLUSTER]`: removes interactive clusters, or those that a topology's name or an id means. */
export function registerDown(program: Command, context: CommandContext): void {
  const { io, runtime } = context;
  program
    .command("down")
    .description("remove the clusters that `up` (or `run --keep`) left running")
    .argument("[cluster]", "a topology's name or a cluster's id; all when not given")
    .action(async (reference: string | undefined) => {
      const { chooseClusters, isInUse } = await import("../choose-clusters.ts");
      const { removeClusters } = await import("../remove-clusters.ts");
      const meant = chooseClusters(await runtime.clusters(), reference);
      // Asked for all, what is in use is not meant; asked for by name, it is told why it stays.
      const clusters = reference === undefined ? meant.filter((cluster) => !isInUse(cluster)) : meant;
      if (clusters.length === 0) io.stdout("No cluster is up.\n");
      await removeClusters(clusters, false, context);
    });
}
