import type Dockerode from "dockerode";
import type { NodeControl, NodeState } from "../../model/capabilities.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { type ActOn, cpuControl } from "./cpu-control.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/**
 * Whole containers. A container that is started anew keeps its data, names and aliases, and may get another address
 * on the network: everybody finds it by name.
 */
export function dockerNodeControl(cluster: DockerCluster): NodeControl {
  const act: ActOn = async (node, verb, call) => {
    const what = `${verb} ${node}`;
    const container = cluster.container(node);
    try {
      return await withinBudget(what, cluster.commandMs, (signal) => call(container, signal));
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
    pause: (node) => act(node, "pause", freeze),
    // Asked whether it is paused only where it cannot be woken: how long it was is what is measured.
    resume: (node) =>
      act(node, "resume", async (container, abortSignal) => {
        try {
          await container.unpause({ abortSignal });
        } catch (error) {
          if ((await stateOf(container, abortSignal)) === "paused") throw error;
        }
      }),
    state: (node) => act(node, "look at", stateOf),
    ...cpuControl(act),
  };
}

const FREEZING_TRIES = 5;

/**
 * Where processes are begun faster than they are frozen (version 1 of the kernel's cgroups, on a busy machine), the engine
 * wakes all again and gives up after a moment: then once more.
 */
async function freeze(container: Dockerode.Container, abortSignal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await container.pause({ abortSignal });
      return;
    } catch (error) {
      if (tries >= FREEZING_TRIES || !String(error).includes("unable to freeze")) throw error;
    }
  }
}

async function stateOf(container: Dockerode.Container, abortSignal: AbortSignal): Promise<NodeState> {
  const { Paused, Running } = (await container.inspect({ abortSignal })).State;
  if (Paused) return "paused";
  return Running ? "running" : "ended";
}

async function unless(statusCode: number, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error && "statusCode" in error && error.statusCode === statusCode)) throw error;
  }
}
