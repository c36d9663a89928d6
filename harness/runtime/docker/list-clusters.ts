import type { FoundCluster } from "../container-runtime.ts";
import { connectEngine } from "./engine.ts";
import { labelNames } from "./labels.ts";
import { listThings, type LabelledThing } from "./list-things.ts";
import { ownerState, parseOwner } from "./owner.ts";

/** All clusters of dpg-bench in the engine, whoever started them. */
export async function listClusters(): Promise<readonly FoundCluster[]> {
  return groupIntoClusters(await listThings(await connectEngine()));
}

/** Pure: labelled things as clusters; one of which only a network is left counts as well. */
export function groupIntoClusters(things: readonly LabelledThing[]): readonly FoundCluster[] {
  const ids = new Set(things.map(({ labels }) => labels[labelNames.cluster] ?? ""));
  return [...ids].map((id) => {
    const members = things.filter(({ labels }) => labels[labelNames.cluster] === id);
    const labels = members[0]?.labels ?? {};
    const owner = parseOwner(labels[labelNames.owner]);
    return {
      id,
      runId: labels[labelNames.run] ?? "",
      topology: labels[labelNames.topology] ?? "",
      database: labels[labelNames.database] ?? "",
      mode: labels[labelNames.mode] === "interactive" ? "interactive" : "run",
      owner: owner === null ? "unknown" : ownerState(owner),
      containers: members
        .filter(({ kind }) => kind === "container")
        .map(({ name, isRunning, status, labels: own }) => ({
          name,
          node: own[labelNames.node] ?? name,
          isRunning,
          status,
        }))
        .sort((one, other) => one.node.localeCompare(other.node)),
    };
  });
}
