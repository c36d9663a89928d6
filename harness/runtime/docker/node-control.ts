import type Dockerode from "dockerode";
import type { NodeControl } from "../../model/capabilities.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/**
 * Whole containers. A container that is started anew keeps its data, names and aliases, and may get another address
 * on the network: everybody finds it by name.
 */
export function dockerNodeControl(cluster: DockerCluster): NodeControl {
  const act = async (node: string, verb: string, call: Act): Promise<void> => {
    const what = `${verb} ${node}`;
    const container = cluster.container(node);
    try {
      await withinBudget(what, cluster.commandMs, (signal) => call(container, signal));
    } catch (error) {
      throw explainEngineError(what, error);
    }
  };
  return {
    // The engine answers when the signal is sent; a start before the end would find it "already started".
    kill: (node) =>
      act(node, "kill", async (container, abortSignal) => {
        const ended = container.wait({ condition: "not-running", abortSignal });
        await container.kill({ signal: "SIGKILL", abortSignal });
        await ended;
      }),
    // The engine answers 304 when it runs already.
    start: (node) =>
      act(node, "start", (container, abortSignal) => unless(304, container.start({ abortSignal }))),
    pause: (node) => act(node, "pause", (container, abortSignal) => container.pause({ abortSignal })),
    resume: (node) =>
      act(node, "resume", async (container, abortSignal) => {
        const { State } = await container.inspect({ abortSignal });
        if (State.Paused) await container.unpause({ abortSignal });
      }),
  };
}

type Act = (container: Dockerode.Container, abortSignal: AbortSignal) => Promise<unknown>;

async function unless(statusCode: number, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error && "statusCode" in error && error.statusCode === statusCode)) throw error;
  }
}
