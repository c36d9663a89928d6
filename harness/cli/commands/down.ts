import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { CommandContext } from "../command-context.ts";

/** `down [CLUSTER]`: removes interactive clusters, or the one that is named by topology or id. */
export function registerDown(program: Command, { io }: CommandContext): void {
  program
    .command("down")
    .description("remove the clusters that `up` (or `run --keep`) left running")
    .argument("[cluster]", "a topology's name or a cluster's id; all when not given")
    .action(async (reference: string | undefined) => {
      const { listClusters } = await import("../../cluster/runtimes/docker/list-clusters.ts");
      const { removeLeftovers } = await import("../../cluster/runtimes/docker/remove-leftovers.ts");
      const { countByKind } = await import("../remove-orphans.ts");
      const there = (await listClusters()).filter(
        ({ mode, owner }) => mode === "interactive" || owner !== "alive",
      );
      const meant = there.filter(
        ({ id, topology }) => reference === undefined || [id, topology].includes(reference),
      );
      if (meant.length === 0 && reference !== undefined) throw noSuchCluster(reference, there);
      if (meant.length === 0) io.stdout("No cluster is up.\n");
      for (const { id, topology } of meant) {
        const removed = await removeLeftovers({ scope: "all", clusterId: id });
        io.stdout(`removed ${topology} ${id}: ${countByKind(removed)}\n`);
      }
    });
}

function noSuchCluster(
  reference: string,
  there: readonly { readonly id: string; readonly topology: string }[],
): UsageError {
  const names = there.map(({ topology, id }) => `${topology} (${id})`).join(", ");
  const suggestion = names === "" ? "No cluster is up." : `There is: ${names}.`;
  return new UsageError([
    { where: `cluster "${reference}"`, message: "there is no such cluster.", suggestion },
  ]);
}
