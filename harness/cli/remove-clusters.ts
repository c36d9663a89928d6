import { HarnessError } from "../model/errors.ts";
import type { FoundCluster, StuckLeftover } from "../runtime/container-runtime.ts";
import type { CommandContext } from "./command-context.ts";
import { isInUse } from "./choose-clusters.ts";
import { countByKind } from "./remove-orphans.ts";

/**
 * Removes the clusters that nobody uses, those in use as well when `evenInUse`, and says what became of each. Throws a
 * HarnessError, after everything was tried, when something is still there.
 */
export async function removeClusters(
  clusters: readonly FoundCluster[],
  evenInUse: boolean,
  { io, runtime }: Pick<CommandContext, "io" | "runtime">,
): Promise<void> {
  const left: StuckLeftover[] = [];
  for (const cluster of clusters) {
    const name = `${cluster.topology} ${cluster.id} (${cluster.mode})`;
    if (!evenInUse && isInUse(cluster)) {
      io.stdout(`kept ${name}: a process is using it (\`dpg-bench clean --all\` takes such clusters too)\n`);
      continue;
    }
    const { removed, stuck } = await runtime.removeLeftovers({ scope: "all", clusterId: cluster.id });
    if (removed.length > 0) io.stdout(`removed ${name}: ${countByKind(removed)}\n`);
    left.push(...stuck);
  }
  if (left.length === 0) return;
  throw new HarnessError({
    code: "not-removed",
    message: `Expected to remove everything, found ${left.length} left. ${left.map(({ why }) => why).join(" ")}`,
    hint: "Restart Docker, then run `npx dpg-bench clean` again.",
  });
}
