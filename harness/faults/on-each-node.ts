import type { FaultTools, NodeState } from "../model/capabilities.ts";
import type { Victim } from "../model/fault.ts";
import type { ClusterView } from "../model/view.ts";

/** Does it to all nodes at the same time. Each is tried, whatever becomes of the others; then the first failure is raised. */
export async function onEachNode({ nodes }: Victim, act: (node: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(nodes.map(act));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Does the runtime have every node in this state? What is not watched is not seen otherwise, nor what is over soon. */
export async function areAll(state: NodeState, { nodes }: FaultTools, victim: Victim): Promise<boolean> {
  const states = await Promise.all(victim.nodes.map((node) => nodes.state(node)));
  return states.every((each) => each === state);
}

/** Is every node silent to its observer: a member of PostgreSQL, or one of etcd? */
export function areSilent(view: ClusterView, { nodes }: Victim): boolean {
  return nodes.every(
    (node) => view.members[node]?.reachable === false || view.etcd[node]?.state === "unreachable",
  );
}
