import type { ContainerRuntime } from "../container-runtime.ts";

/**
 * Containers of one Docker Engine. What needs the engine's client is loaded when it is asked for: what is known without an
 * engine (its abilities) is asked by commands that need none.
 */
export const dockerRuntime: ContainerRuntime = {
  name: "docker",
  abilities: {
    commands: { can: true },
    nodeControl: { can: true },
    nodeFreezing: { can: true },
    cpuLimits: { can: true },
    processControl: { can: true },
    networkControl: { can: true },
    packetDelays: { can: true },
    resourceUse: { can: true },
    publishedEntry: { can: true },
  },
  // Every network of one's own has the engine's DNS at this address, inside each container.
  resolver: { address: "127.0.0.11:53" },
  start: async (specs, options) => {
    const { startRuntimeCluster } = await import("./start-runtime-cluster.ts");
    return await startRuntimeCluster(specs, options);
  },
  clusters: async () => {
    const { listClusters } = await import("./list-clusters.ts");
    return await listClusters();
  },
  removeLeftovers: async (scope) => {
    const { removeLeftovers } = await import("./remove-leftovers.ts");
    return await removeLeftovers(scope);
  },
  shellInto: (container) => `docker exec -it -u postgres ${container}`,
};
