import type { ProcessControl } from "../../model/capabilities.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { runInContainer } from "./run-in-container.ts";

/** The first line of postmaster.pid is the postmaster's process id, in the container's own numbers. */
const killPostmaster = 'kill -KILL "$(head -n 1 "$PGDATA/postmaster.pid")"';

/** Single processes, signalled from inside their container. */
export function dockerProcessControl(cluster: DockerCluster): ProcessControl {
  return {
    async killPostmaster(node) {
      await runInContainer(cluster.container(node), {
        what: `kill the postmaster of ${node}`,
        command: ["sh", "-c", killPostmaster],
        user: "root",
        budgetMs: cluster.commandMs,
      });
    },
  };
}
