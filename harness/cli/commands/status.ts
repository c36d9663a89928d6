import type { Command } from "commander";
import type { FoundCluster } from "../../runtime/container-runtime.ts";
import type { CommandContext } from "../command-context.ts";

/** `status [CLUSTER]`: which clusters are there, node by node, and how to get in. */
export function registerStatus(program: Command, { io, runtime }: CommandContext): void {
  program
    .command("status")
    .description("show the clusters that are there, node by node, with lines to paste")
    .argument("[cluster]", "a topology's name or a cluster's id; all when not given")
    .action(async (reference: string | undefined) => {
      const { connectLines } = await import("../connect-lines.ts");
      const clusters = (await runtime.clusters()).filter(
        ({ id, topology }) => reference === undefined || [id, topology].includes(reference),
      );
      if (clusters.length === 0) io.stdout("No cluster is up. `dpg-bench up TOPOLOGY` starts one.\n");
      for (const cluster of clusters) {
        const lines = [headline(cluster), ...nodeLines(cluster), "", ...connectLines(cluster, runtime), ""];
        io.stdout(`${lines.join("\n")}\n`);
      }
    });
}

function headline({ topology, id, mode, owner }: FoundCluster): string {
  const owned = {
    alive: "of a run that is going",
    dead: "left by a run that was killed",
    unknown: "of a run",
  };
  return `${topology} ${id} (${mode === "interactive" ? "interactive" : owned[owner]})`;
}

function nodeLines({ containers }: FoundCluster): readonly string[] {
  const width = Math.max(0, ...containers.map((container) => container.node.length));
  return containers.map(({ node, status }) => `  ${node.padEnd(width)}  ${status}`);
}
