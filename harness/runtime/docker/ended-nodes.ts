import { setMaxListeners } from "node:events";
import type { EndedNode } from "../container-runtime.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** Resolves with the first of the nodes to have ended; rejects when the signal is aborted. */
export async function firstToEnd(
  cluster: DockerCluster,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<EndedNode> {
  const given = AbortSignal.any([signal]);
  // One listener for each node is no leak.
  setMaxListeners(0, given);
  const ends = nodes.map(async (node) => {
    const container = cluster.container(node);
    const { StatusCode } = (await container.wait({ condition: "not-running", abortSignal: given })) as {
      readonly StatusCode: number;
    };
    return { node, exitCode: StatusCode };
  });
  try {
    return await Promise.race(ends);
  } catch (error) {
    signal.throwIfAborted();
    throw explainEngineError("tell when a container ends", error);
  }
}

/** Those of the nodes that have ended by now. */
export async function endedNodes(
  cluster: DockerCluster,
  nodes: readonly string[],
): Promise<readonly EndedNode[]> {
  const states = nodes.map(async (node) => {
    const what = `tell whether ${node} runs`;
    try {
      const { State } = await withinBudget(what, cluster.commandMs, (abortSignal) =>
        cluster.container(node).inspect({ abortSignal }),
      );
      return State.Running ? [] : [{ node, exitCode: State.ExitCode }];
    } catch (error) {
      throw explainEngineError(what, error);
    }
  });
  return (await Promise.all(states)).flat();
}
