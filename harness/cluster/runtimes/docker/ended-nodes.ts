import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** A node whose container does not run any more. Nothing starts it again by itself. */
export interface EndedNode {
  readonly node: string;
  readonly exitCode: number;
}

/** Resolves with the first of the nodes to have ended; rejects when the signal is aborted. */
export async function firstToEnd(
  cluster: DockerCluster,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<EndedNode> {
  const ends = nodes.map(async (node) => {
    const container = cluster.container(node);
    const { StatusCode } = (await container.wait({ condition: "not-running", abortSignal: signal })) as {
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
  const what = "tell which containers run";
  try {
    const states = await withinBudget(what, cluster.commandMs, (abortSignal) =>
      Promise.all(
        nodes.map(async (node) => {
          const { State } = await cluster.container(node).inspect({ abortSignal });
          return State.Running ? [] : [{ node, exitCode: State.ExitCode }];
        }),
      ),
    );
    return states.flat();
  } catch (error) {
    throw explainEngineError(what, error);
  }
}
