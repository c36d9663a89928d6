import { createCredentials } from "./cluster/create-credentials.ts";
import { startContainers, type StartedContainers } from "./cluster/start-containers.ts";
import { explainNotReady } from "./explain-not-ready.ts";
import { connectAgent, type Agent } from "./load/connect-agent.ts";
import type { FaultTools } from "./model/capabilities.ts";
import type { Clock } from "./model/clock.ts";
import type { Credentials } from "./model/credentials.ts";
import type { Environment } from "./model/environment.ts";
import type { ClusterEvent } from "./model/event.ts";
import { layOut, type ClusterLayout } from "./model/layout.ts";
import type { Budgets } from "./model/plan.ts";
import type { Progress } from "./model/progress.ts";
import type { Topology } from "./model/topology.ts";
import type { Workload } from "./model/workload.ts";
import { redundancyGaps } from "./observe/redundancy.ts";
import { watchCluster, type RunningWatch } from "./observe/watch-cluster.ts";
import { prepareDatabases, proveWrite } from "./prepare-databases.ts";
import { ensureImages } from "./setup/images.ts";

/** A cluster that is ready: a write through the clients' way in succeeded, and nothing of its redundancy is missing. */
export interface RunningCluster extends AsyncDisposable {
  readonly id: string;
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly agent: Agent;
  readonly watch: RunningWatch;
  readonly tools: FaultTools;
  readonly credentials: Credentials;
  /** Published entry points; only of interactive clusters. */
  readonly entry: StartedContainers["entry"];
  /** From the first container's creation to ready, milliseconds. */
  readonly readyAfterMs: number;
  /** What the cluster reports of itself, for environment.json. */
  environment(): Promise<
    Pick<Environment, "engine" | "images" | "components" | "clockOffsets" | "observers" | "dialects">
  >;
  /** Everything that a node has printed. */
  logs(node: string): Promise<string>;
  /** Disposing leaves the containers running from now on. */
  keep(): void;
}

export interface BringUpOptions {
  readonly runId: string;
  /** A cluster of a `run` is removed as an orphan when its process has died; an `interactive` one is not. */
  readonly mode: "run" | "interactive";
  /** Its tables are made and filled; null: only the probes' own. */
  readonly workload: Workload | null;
  readonly budgets: Pick<Budgets, "readyMs" | "commandMs">;
  /** After this many seconds every container ends by itself. */
  readonly lifetimeSeconds: number;
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ClusterEvent) => void;
  /** Keeps a file under config/ or logs/ of the run's folder. */
  readonly keepFile: (relativePath: string, text: string) => Promise<void>;
}

/**
 * Starts every container of a topology and waits, on what the observers see, until the cluster is ready. When it
 * does not become ready within its budget: a HarnessError that says what was missing and how the logs end. On
 * failure everything is removed before the error is raised.
 */
export async function bringUpCluster(topology: Topology, options: BringUpOptions): Promise<RunningCluster> {
  const { progress, signal, clock } = options;
  progress.step("Images");
  const images = await ensureImages({ progress, signal });
  progress.step(`Cluster ${topology.name}`);
  const credentials = createCredentials();
  const startedUs = clock.nowUs();
  const containers = await startContainers(topology, {
    images,
    credentials,
    runId: options.runId,
    mode: options.mode,
    lifetimeSeconds: options.lifetimeSeconds,
    publish: options.mode === "interactive",
    keepConfig: options.keepFile,
    progress,
    signal,
    commandMs: options.budgets.commandMs,
  });
  const held: AsyncDisposable[] = [containers];
  try {
    const layout = layOut(topology);
    const watch = await watchCluster({
      channel: await containers.openChannel("observer"),
      topology,
      layout,
      credentials,
      epochNs: clock.epochNs,
      onEvent: options.onEvent,
      clock,
    });
    held.push(watch);
    const agent = await connectAgent({
      channel: await containers.openChannel("agent"),
      epochNs: clock.epochNs,
      clock,
      password: credentials.clientPassword,
    });
    held.push(agent);
    try {
      const remainingMs = (): number =>
        Math.max(1, options.budgets.readyMs - (clock.nowUs() - startedUs) / 1000);
      const preparing = {
        topology,
        layout,
        workload: options.workload,
        agent,
        watch,
        clock,
        signal,
        remainingMs,
      };
      await prepareDatabases(preparing);
      progress.detail("waiting for full redundancy");
      await Promise.all([
        proveWrite(preparing),
        watch.waitUntil({
          what: `the ${layout.nodes.length} containers of ${topology.name} to be ready`,
          holds: (view) => redundancyGaps(topology, layout, view).length === 0,
          budgetMs: remainingMs(),
          signal,
        }),
      ]);
    } catch (error) {
      throw await explainNotReady(error, { topology, layout, watch, containers, keepFile: options.keepFile });
    }
    const readyAtUs = clock.nowUs();
    const readyAfterMs = Math.round((readyAtUs - startedUs) / 1000);
    options.onEvent({ kind: "cluster-ready", atUs: readyAtUs, tookMs: readyAfterMs });
    return {
      id: containers.id,
      topology,
      layout,
      credentials,
      agent,
      watch,
      tools: { ...containers, watch },
      entry: containers.entry,
      readyAfterMs,
      environment: async () => ({
        ...(await containers.environment()),
        dialects: { sharding: topology.sharding, vectors: topology.vectors },
        observers: watch.intervals,
        clockOffsets: [
          { process: "agent", ...agent.clockOffset },
          { process: "observer", ...watch.clockOffset },
        ],
      }),
      logs: (node) => containers.logs(node),
      keep: () => containers.keep(),
      [Symbol.asyncDispose]: () => release(held),
    };
  } catch (error) {
    await release(held);
    throw error;
  }
}

/** Disposes in reverse order; what fails does not keep the rest from being released, and is raised at the end. */
async function release(held: readonly AsyncDisposable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const resource of held.toReversed()) {
    try {
      await resource[Symbol.asyncDispose]();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
