import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** `clean`: removes what dpg-bench started and nobody uses; `--all` also what a living run uses. */
export function registerClean(program: Command, { io }: CommandContext): void {
  program
    .command("clean")
    .description("remove what killed runs left behind, and interactive clusters")
    .option("--all", "also what belongs to runs that are still going", false)
    .action(async ({ all }: { readonly all: boolean }) => {
      const { listClusters } = await import("../../runtime/docker/list-clusters.ts");
      const { removeClusters } = await import("../remove-clusters.ts");
      const clusters = await listClusters();
      await removeClusters(clusters, { evenInUse: all, io });
      if (clusters.length === 0) io.stdout("Nothing of dpg-bench is here.\n");
    });
}
