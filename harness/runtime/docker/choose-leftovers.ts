import type { LeftoverScope } from "../container-runtime.ts";
import { labelNames } from "./labels.ts";
import type { LabelledThing } from "./list-things.ts";
import { ownerState, parseOwner, type ProcessTable } from "./owner.ts";

/**
 * The leftovers among the things given: pure. A cluster is an orphan when it belongs to a run (an interactive one
 * belongs to the user) whose process is dead. A process that cannot be looked up from here (another boot, another
 * container) is taken for dead only when nothing of its cluster runs.
 */
export function chooseLeftovers(
  things: readonly LabelledThing[],
  { scope, clusterId }: LeftoverScope,
  processes?: ProcessTable,
): readonly LabelledThing[] {
  const asked = things.filter(
    ({ labels }) =>
      labels[labelNames.cluster] !== undefined &&
      (clusterId ?? labels[labelNames.cluster]) === labels[labelNames.cluster],
  );
  if (scope === "all") return asked;
  const running = new Set(
    asked.filter((thing) => thing.isRunning).map(({ labels }) => labels[labelNames.cluster]),
  );
  return asked.filter(({ labels }) => {
    if (labels[labelNames.mode] !== "run") return false;
    const owner = parseOwner(labels[labelNames.owner]);
    const state = owner === null ? "unknown" : ownerState(owner, processes);
    return state === "dead" || (state === "unknown" && !running.has(labels[labelNames.cluster]));
  });
}
