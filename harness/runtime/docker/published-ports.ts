import type { Endpoint } from "../../model/layout.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** Where this machine reaches a node's ports: those that the engine chose on 127.0.0.1. */
export async function publishedPorts(
  cluster: DockerCluster,
  node: string,
): Promise<ReadonlyMap<number, Endpoint>> {
  const what = `find the published ports of ${node}`;
  try {
    const { NetworkSettings } = await withinBudget(what, cluster.commandMs, (abortSignal) =>
      cluster.container(node).inspect({ abortSignal }),
    );
    return new Map(
      Object.entries(NetworkSettings.Ports).flatMap(([port, bindings]) => {
        // The types say that there are bindings; of a port that is only exposed the engine says null.
        const hostPort = (bindings as typeof bindings | null)?.[0]?.HostPort;
        return hostPort === undefined
          ? []
          : [[Number.parseInt(port, 10), { host: "127.0.0.1", port: Number(hostPort) }] as const];
      }),
    );
  } catch (error) {
    throw explainEngineError(what, error);
  }
}
