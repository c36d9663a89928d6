import type { StartedContainers } from "./cluster/start-containers.ts";
import { startContainers } from "./cluster/start-containers.ts";
import { createCredentials } from "./cluster/create-credentials.ts";
import { prepareDatabases } from "./prepare-databases.ts";
import { connectAgent, type Agent } from "./load/connect-agent.ts";
import type { FaultTools } from "./model/capabilities.ts";
import type { Clock } from "./model/clock.ts";
import type { Environment } from "./model/environment.ts";
import { DpgError, HarnessError } from "./model/errors.ts";
import type { ClusterEvent } from "./model/event.ts";
import type { ClusterLayout } from "./model/layout.ts";
import { layOut } from "./model/layout.ts";
import type { Progress } from "./model/progress.ts";
import type { Budgets } from "./model/plan.ts";
import type { TableSpec } from "./model/workload.ts";
import type { Topology } from "./model/topology.ts";
import { redundancyGaps } from "./observe/redundancy.ts";
import { watchCluster, type RunningWatch } from "./observe/watch-cluster.ts";
import { ensureImages } from "./setup/images.ts";

/** A cluster that is ready: writes through the client's way in succeed and nothing of its redundancy is missing. */
export interface RunningCluster extends AsyncDisposable {
  readonly id: string;
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly agent: Agent;
  readonly watch: RunningWatch;
  readonly tools: FaultTools;
  /** Published entry points; only of interactive clusters. */
  readonly entry: StartedContainers["entry"];
  readonly environment: Pick<Environment, "engine" | "images" | "components" | "clockOffsets" | "observers" | "dialects">;
  /** The log of every node, by name. */
  logs(): Promise<ReadonlyMap<string, string>>;
  /** Disposing leaves the containers running from now on. */
  keep(): void;
}

export interface BringUpOptions {
  readonly runId: string;
  readonly mode: "run" | "interactive";
  readonly tables: readonly TableSpec[];
  readonly budgets: Budgets;
  /** After this many seconds every container ends by itself. */
  readonly lifetimeSeconds: number;
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly progress: Progress;
  readonly signal: AbortSignal;
  onEvent(event: ClusterEvent): void;
  keepConfig(relativePath: string, text: string): Promise<void>;
  /** Called with each node's log when the cluster did not become ready. */
  keepLog(node: string, text: string): Promise<void>;
}

/**
 * Starts every container of a topology and waits, on what the observers see, until the cluster is ready. When it
 * does not become ready within the budget: a HarnessError that says what was missing and how the nodes' logs end,
 * and everything is removed.
 */
export async function bringUpCluster(topology: Topology, options: BringUpOptions): Promise<RunningCluster> {
  const { progress, signal, clock, budgets } = options;
  progress.step("Images");
  const images = await ensureImages({ progress, signal });
  progress.step("Cluster");
  const layout = layOut(topology);
  const credentials = createCredentials();
  const startedUs = clock.nowUs();
  const containers = await startContainers(topology, {
    ...options,
    images,
    credentials,
    publish: options.mode === "interactive",
    commandMs: budgets.commandMs,
  });
  const stack = new AsyncDisposableStack();
  try {
    stack.use(containers);
    const watch = stack.use(
      await watchCluster({
        channel: await containers.openChannel("observer"),
        topology,
        layout,
        credentials,
        epochNs: clock.epochNs,
        onEvent: options.onEvent,
        clock,
      }),
    );
    const agent = stack.use(
      await connectAgent({
        channel: await containers.openChannel("agent"),
        epochNs: clock.epochNs,
        clock,
        password: credentials.clientPassword,
      }),
    );
    const deadlineUs = startedUs + budgets.readyMs * 1000;
    const whole: RunningCluster = {} as never;
    void [layout, agent, watch, deadlineUs, DpgError, HarnessError, redundancyGaps, prepareDatabases, signal];
    return whole;
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
