import { HarnessError } from "../../model/errors.ts";
import type { RuntimeCluster, StartOptions } from "../container-runtime.ts";
import type { ContainerSpec } from "../container-spec.ts";
import { describeEngine } from "./describe-engine.ts";
import { startDockerCluster, type DockerCluster } from "./docker-cluster.ts";
import { endedNodes, firstToEnd } from "./ended-nodes.ts";
import { dockerNetworkControl } from "./network-control.ts";
import { dockerNodeControl } from "./node-control.ts";
import { currentOwner } from "./owner.ts";
import { dockerProcessControl } from "./process-control.ts";
import { publishedPorts } from "./published-ports.ts";
import { readLogs } from "./read-logs.ts";
import { runInContainer } from "./run-in-container.ts";
import { dockerResourceMeter } from "./usage/resource-meter.ts";

/** Starts the containers and gives them to be worked with as every runtime does. They belong to this very process. */
export async function startRuntimeCluster(
  specs: readonly ContainerSpec[],
  options: StartOptions,
): Promise<RuntimeCluster> {
  const { identity, images, commandMs } = options;
  const cluster = await startDockerCluster(specs, {
    ...options,
    identity: { ...identity, owner: currentOwner() },
  });
  const names = specs.map(({ node }) => node.name);
  return {
    nodes: dockerNodeControl(cluster),
    processes: dockerProcessControl(cluster),
    network: dockerNetworkControl(cluster, names),
    meter: dockerResourceMeter(cluster, names),
    exec: (node, command) => runInContainer(cluster.container(node), { ...command, budgetMs: commandMs }),
    channel: (node) => channelOf(cluster, node),
    logs: (node) => readLogs(cluster, node),
    published: (node) => publishedPorts(cluster, node),
    firstToEnd: (signal) => firstToEnd(cluster, names, signal),
    ended: () => endedNodes(cluster, names),
    describe: () => describeEngine(cluster, [images.node, images.agent]),
    keep: () => cluster.keep(),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

function channelOf(cluster: DockerCluster, node: string) {
  const channel = cluster.channel(node);
  if (channel !== undefined) return channel;
  throw new HarnessError({
    code: "no-channel",
    message: `Expected a node with a channel (agent or observer), found "${node}".`,
  });
}
