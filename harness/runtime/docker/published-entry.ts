import { clientEndpoints, type Endpoint } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** Where a user on this machine enters: the ports that the engine chose on 127.0.0.1. */
export async function publishedEntry(
  cluster: DockerCluster,
  topology: Topology,
): Promise<{ readonly readWrite?: Endpoint; readonly readOnly?: Endpoint }> {
  const { readWrite, readOnly } = clientEndpoints(topology);
  const what = `find the published ports of ${readWrite.host}`;
  try {
    const { NetworkSettings } = await withinBudget(what, cluster.commandMs, (abortSignal) =>
      cluster.container(readWrite.host).inspect({ abortSignal }),
    );
    const published = (port: number): Endpoint | undefined => {
      const hostPort = NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
      return hostPort === undefined ? undefined : { host: "127.0.0.1", port: Number(hostPort) };
    };
    const [write, read] = [published(readWrite.port), published(readOnly.port)];
    return {
      ...(write === undefined ? {} : { readWrite: write }),
      ...(read === undefined ? {} : { readOnly: read }),
    };
  } catch (error) {
    throw explainEngineError(what, error);
  }
}
