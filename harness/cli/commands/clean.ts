import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** `clean`: removes what dpg-bench started and nobody uses; `--all` also what a living run uses. */
export function registerClean(program: Command, context: CommandContext): void {
  const { io, runtime } = context;
  program
    .command("clean")
    .description("remove what killed runs left behind, and interactive clusters")
    .option("--all", "also what belongs to runs that are still going", false)
    .action(async ({ all }: { readonly all: boolean }) => {
      const { removeClusters } = await import("../remove-clusters.ts");
      const clusters = await runtime.clusters();
      await removeClusters(clusters, all, context);
      if (clusters.length === 0) io.stdout("Nothing of dpg-bench is here.\n");
    });
}
