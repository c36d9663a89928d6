import type { StartedContainers } from "./cluster/start-containers.ts";
import { HarnessError } from "./model/errors.ts";
import type { ClusterLayout } from "./model/layout.ts";
import type { Topology } from "./model/topology.ts";
import { redundancyGaps } from "./observe/redundancy.ts";
import type { RunningWatch } from "./observe/watch-cluster.ts";

const LAST_LINES = 8;
const NODES_SHOWN = 3;

interface Unready {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly watch: RunningWatch;
  readonly containers: StartedContainers;
  readonly keepFile: (relativePath: string, text: string) => Promise<void>;
}

/**
 * Turns the error of a cluster that did not become ready into one that says what was missing and how the logs of
 * the nodes concerned end; every node's whole log is kept. Other errors (an interrupt, say) come back as they are.
 */
export async function explainNotReady(error: unknown, unready: Unready): Promise<unknown> {
  if (!(error instanceof HarnessError)) return error;
  const { layout, topology, watch, containers, keepFile } = unready;
  const gaps = redundancyGaps(topology, layout, watch.view());
  const logs = new Map<string, string>();
  await Promise.all(
    layout.nodes.map(async ({ name }) => {
      const log = await containers.logs(name).catch((cause: unknown) => `(no log: ${String(cause)})`);
      logs.set(name, log);
      await keepFile(`logs/${name}.log`, log).catch(() => undefined);
    }),
  );
  const concerned = layout.nodes
    .map(({ name }) => name)
    .filter((name) => gaps.some((gap) => gap.includes(name)));
  const shown = concerned
    .slice(0, NODES_SHOWN)
    .map((name) => `--- ${name}, last lines\n${tail(logs.get(name) ?? "")}`);
  return new HarnessError({
    code: "cluster-not-ready",
    message: [error.message, ...gaps.map((gap) => `  missing: ${gap}`), ...shown].join("\n"),
    mend: "All containers were removed. The logs of all nodes are in the run's folder under logs/. `dpg-bench doctor` tells whether the machine is large enough; more time can be had by --set budgets.readySeconds=N.",
    cause: error,
  });
}

function tail(log: string): string {
  return log.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}
