import type { NetworkControl } from "../../../model/capabilities.ts";
import { HarnessError } from "../../../model/errors.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { isolateCommand, rejoinCommand } from "./isolation-rules.ts";
import { runInContainer } from "./run-in-container.ts";
import { withinBudget } from "./within-budget.ts";

/** Real packets, dropped by the node's own packet filter: nobody gets a reset or an unreachable, only silence. */
export function dockerNetworkControl(cluster: DockerCluster): NetworkControl {
  const filter = async (node: string, what: string, script: string): Promise<void> => {
    await runInContainer(cluster.container(node), {
      what: `${what} ${node}`,
      command: ["sh", "-c", script],
      user: "root",
      budgetMs: cluster.commandMs,
    });
  };
  return {
    async isolate(node, except) {
      const addresses = await Promise.all(except.map((name) => addressOf(cluster, name)));
      await filter(node, "cut off", isolateCommand(addresses));
    },
    async rejoin(node) {
      // The rules live in the container's network namespace and ended with it.
      if (await isRunning(cluster, node)) await filter(node, "rejoin", rejoinCommand());
    },
  };
}

/** Asked anew each time: a container that was started again may have another address. */
async function addressOf(cluster: DockerCluster, node: string): Promise<string> {
  const { NetworkSettings } = await inspect(cluster, node);
  const address = NetworkSettings.Networks[cluster.networkName]?.IPAddress ?? "";
  if (address !== "") return address;
  throw new HarnessError({
    code: "node-without-address",
    message: `Expected ${node} to have an address on the network ${cluster.networkName}, found none: it does not run.`,
  });
}

async function isRunning(cluster: DockerCluster, node: string): Promise<boolean> {
  return (await inspect(cluster, node)).State.Running;
}

async function inspect(cluster: DockerCluster, node: string) {
  const what = `inspect ${node}`;
  try {
    return await withinBudget(what, cluster.commandMs, (abortSignal) =>
      cluster.container(node).inspect({ abortSignal }),
    );
  } catch (error) {
    throw explainEngineError(what, error);
  }
}
