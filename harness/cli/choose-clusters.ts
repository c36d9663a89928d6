import type { FoundCluster } from "../runtime/container-runtime.ts";
import { UsageError } from "../model/errors.ts";

/**
 * Does a living process still use it? That is a run, or an `up` that is bringing it up. A run whose process cannot be
 * looked up from here (another boot, another container) counts as living while anything of its cluster runs.
 */
export function isInUse({ mode, owner, containers }: FoundCluster): boolean {
  if (owner === "unknown") return mode === "run" && containers.some((container) => container.isRunning);
  return owner === "alive";
}

/**
 * The clusters that a reference (a topology's name or a cluster's id) means, in use or not; every one when there is
 * none. Throws a UsageError that names those that are there when it means none of them.
 */
export function chooseClusters(
  there: readonly FoundCluster[],
  reference: string | undefined,
): readonly FoundCluster[] {
  if (reference === undefined) return there;
  const meant = there.filter(({ id, topology }) => [id, topology].includes(reference));
  if (meant.length > 0) return meant;
  const names = there.map(({ topology, id }) => `${topology} (${id})`).join(", ");
  throw new UsageError([
    {
      where: `cluster "${reference}"`,
      message: "there is no such cluster.",
      suggestion: names === "" ? "No cluster is up." : `There is: ${names}.`,
    },
  ]);
}
