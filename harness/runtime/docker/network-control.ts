import type { Link, NetworkControl } from "../../model/capabilities.ts";
import { HarnessError } from "../../model/errors.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import {
  countersCommand,
  cutCommand,
  delayCommand,
  droppedPackets,
  isolateCommand,
  mendCommand,
  rejoinCommand,
  roundTripCommand,
  undelayCommand,
} from "./packet-rules.ts";
import { runInContainer } from "./run-in-container.ts";
import { withinBudget } from "./within-budget.ts";

/** Real packets, dropped by the nodes' own packet filters: nobody gets a reset or an unreachable, only silence. */
/** `names`: of all nodes. */
export function dockerNetworkControl(cluster: DockerCluster, names: readonly string[]): NetworkControl {
  const filter = (node: string, what: string, script: string): Promise<string> =>
    runInContainer(cluster.container(node), {
      what: `${what} ${node}`,
      command: ["sh", "-c", script],
      user: "root",
      budgetMs: cluster.commandMs,
    });
  const addressesOf = (nodes: readonly string[]): Promise<string[]> =>
    Promise.all(nodes.map((name) => addressOf(cluster, name)));
  const mendAt = async (node: string): Promise<void> => {
    // The rules live in the container's network namespace and ended with it.
    if (await isRunning(cluster, node)) await filter(node, "mend the link at", mendCommand());
  };
  const mendAll = async (nodes: readonly string[]): Promise<void> => {
    const results = await Promise.allSettled(nodes.map(mendAt));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  };
  const cutAt = async (nodes: readonly string[], drop: Drop): Promise<void> => {
    const [from, to] = await Promise.all([addressesOf(drop.from), addressesOf(drop.to)]);
    await Promise.all(nodes.map((node) => filter(node, "cut the link at", cutCommand({ from, to }))));
  };
  return {
    async isolate(node, except) {
      if (!filtersPackets(node)) {
        const others = names.filter((name) => filtersPackets(name) && !except.includes(name));
        await cutAt(others, { from: [node], to: [node] });
        return;
      }
      await filter(node, "cut off", isolateCommand(await addressesOf(except)));
    },
    async rejoin(node) {
      if (!filtersPackets(node)) {
        await mendAll(names.filter(filtersPackets));
        return;
      }
      // The rules live in the container's network namespace and ended with it.
      if (await isRunning(cluster, node)) await filter(node, "rejoin", rejoinCommand());
    },
    async cut(link) {
      const { at, drop } = rulesOf(link);
      await cutAt(at, drop);
    },
    async dropped(link) {
      const counts = rulesOf(link).at.map(async (node) =>
        droppedPackets(await filter(node, "count what was dropped at", countersCommand())),
      );
      return (await Promise.all(counts)).reduce((sum, packets) => sum + packets, 0);
    },
    async delay({ node, delayMs, except }) {
      await filter(node, "delay the packets of", delayCommand(delayMs, await addressesOf(except)));
    },
    async roundTripMs(node, peer) {
      const printed = await filter(
        node,
        "measure the way from",
        roundTripCommand(await addressOf(cluster, peer)),
      );
      return Number(printed.trim());
    },
    async undelay(node) {
      // Rules and program live in the container and ended with it.
      if (await isRunning(cluster, node)) await filter(node, "take the delay away at", undelayCommand());
    },
    async mend(link) {
      await mendAll(rulesOf(link).at);
    },
  };
}

/**
 * The nodes that drop, and what they do: one end of a link is enough, and the agent's image has no packet filter. What
 * goes out of an end and never arrives is as good as what never went out.
 */
export function rulesOf({ from, to, bothWays }: Link): {
  readonly at: readonly string[];
  readonly drop: Drop;
} {
  if (from.every(filtersPackets)) return { at: from, drop: { from: bothWays ? to : [], to } };
  return { at: to, drop: { from, to: bothWays ? from : [] } };
}

/** Addresses by the nodes that they are of. */
interface Drop {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** The agent's image, which guards run as well, has no packet filter. */
function filtersPackets(node: string): boolean {
  return !["agent", "observer"].includes(node) && !node.startsWith("guard-");
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
