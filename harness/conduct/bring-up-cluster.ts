import { createCredentials } from "../cluster/create-credentials.ts";
import { dialectNeeds } from "../cluster/dialect-needs.ts";
import { requiredExtensions } from "../cluster/required-extensions.ts";
import { startContainers, type StartedContainers } from "../cluster/start-containers.ts";
import { componentEnded, explainNotReady } from "./explain-not-ready.ts";
import { connectAgent, type Agent } from "../load/client/connect-agent.ts";
import { rejectOnAbort } from "../support/reject-on-abort.ts";
import type { FaultTools, ResourceMeter } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Environment } from "../model/environment.ts";
import type { HarnessError } from "../model/errors.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { ClusterLayout } from "../model/layout.ts";
import type { VectorFiles } from "../model/benchmark.ts";
import type { Budgets } from "../model/plan.ts";
import type { Progress } from "../model/progress.ts";
import { releasedAfter } from "../support/suppressed.ts";
import type { ClusterMode, ContainerRuntime } from "../runtime/container-runtime.ts";
import type { Topology } from "../model/topology.ts";
import type { Workload } from "../model/workload.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";
import { watchCluster, type RunningWatch } from "../observe/client/watch-cluster.ts";
import { shardControl } from "../database/shards/shard-control.ts";
import { prepareDatabases, proveWrite } from "../database/prepare-databases.ts";
import { ensureImages } from "../setup/images.ts";
import { buildK6 } from "../setup/k6-build.ts";

/** A cluster that is ready: a write through the clients' way in succeeded, and nothing of its redundancy is missing. */
export interface RunningCluster extends AsyncDisposable {
  readonly id: string;
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly agent: Agent;
  readonly watch: RunningWatch;
  readonly tools: FaultTools;
  readonly meter: ResourceMeter;
  readonly credentials: Credentials;
  /** Published entry points; only of interactive clusters. */
  readonly entry: StartedContainers["entry"];
  /** From the first container's creation to ready, milliseconds. */
  readonly readyAfterMs: number;
  /** What all containers that could be read held in memory then, without the page cache. Mebibytes. */
  readonly memoryMb: number;
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
  readonly runtime: ContainerRuntime;
  readonly runId: string;
  readonly mode: ClusterMode;
  /** Its tables are made and filled; null: only the probes' own. */
  readonly workload: Workload | null;
  /** That its tables are filled from; left out: it makes its data. */
  readonly files?: VectorFiles | undefined;
  readonly budgets: Pick<Budgets, "readyMs" | "commandMs">;
  /** After this many seconds every container ends by itself. */
  readonly lifetimeSeconds: number;
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ClusterEvent) => void;
  /** Called when the observer ends before its time, once the cluster is there. */
  readonly onBroken?: (error: HarnessError) => void;
  /** Where the files that are kept go: a folder to name to the user. */
  readonly keptIn: string;
  /** The engine k6 will send the load: without its program there is nothing to be brought up for. */
  readonly needsK6?: boolean;
  /** Keeps a file under config/ or logs/ of the run's folder. */
  readonly keepFile: (relativePath: string, text: string) => Promise<void>;
}

/**
 * Starts every container of a topology and waits, on what the observers see, until the cluster is ready. When it
 * does not become ready within its budget, or a container ends by itself, which nothing can mend: a HarnessError that
 * says what was missing and how the logs end. On failure everything is removed before the error is raised.
 */
export async function bringUpCluster(topology: Topology, options: BringUpOptions): Promise<RunningCluster> {
  const { progress, signal, clock } = options;
  progress.step("Images");
  const images = await ensureImages({
    progress,
    signal,
    extensions: requiredExtensions(topology),
    builds: dialectNeeds(topology).flatMap((needs) => needs.builds),
    ...(options.needsK6 === true
      ? { k6: () => buildK6({ signal, onLine: (line) => progress.detail(`k6: ${line}`) }) }
      : {}),
  });
  progress.step(`Cluster ${topology.name}`);
  const credentials = createCredentials();
  const startedUs = clock.nowUs();
  const containers = await startContainers(topology, {
    runtime: options.runtime,
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
    const { layout } = containers;
    const { agent, watch, fillingMs } = await becomeReady(containers, {
      topology,
      credentials,
      options,
      startedUs,
      held,
    });
    const shards = shardControl({
      ...{ topology, layout, agent, watch, clock, credentials },
      workload: options.workload,
      commandMs: options.budgets.commandMs,
      onEvent: options.onEvent,
    });
    const readyAtUs = clock.nowUs();
    const readyAfterMs = Math.round((readyAtUs - startedUs) / 1000);
    options.onEvent({ kind: "cluster-ready", atUs: readyAtUs, tookMs: readyAfterMs, fillingMs });
    const { memoryMb, missing } = await containers.meter.memory();
    options.onEvent({ kind: "memory-read", atUs: clock.nowUs(), memoryMb });
    for (const text of missing) options.onEvent({ kind: "note", atUs: clock.nowUs(), text });
    return {
      id: containers.id,
      topology,
      layout,
      credentials,
      agent,
      watch,
      tools: { ...containers, watch, shards },
      meter: containers.meter,
      entry: containers.entry,
      readyAfterMs,
      memoryMb: Object.values(memoryMb).reduce((sum, each) => sum + each, 0),
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
    throw await releasedAfter(error, () => release(held));
  }
}

/** How soon the engine tells that a container has ended. */
const TOLD_MS = 1000;

interface BecomingReady {
  readonly topology: Topology;
  readonly credentials: Credentials;
  readonly options: BringUpOptions;
  /** When the first container was about to be created. */
  readonly startedUs: Micros;
  /** Gets what is to be released later. */
  readonly held: AsyncDisposable[];
}

/** Watches and prepares until the cluster is ready, or it is certain that it will not be. */
async function becomeReady(
  containers: StartedContainers,
  { topology, credentials, options, startedUs, held }: BecomingReady,
): Promise<{ readonly watch: RunningWatch; readonly agent: Agent; readonly fillingMs: number }> {
  const { clock, signal } = options;
  const { layout } = containers;
  const settled = new AbortController();
  let watch: RunningWatch | null = null;
  // Filling tables has budgets of its own.
  let fillingMs = 0;
  const remainingMs = (): number =>
    Math.max(1, options.budgets.readyMs + fillingMs - (clock.nowUs() - startedUs) / 1000);
  const ready = async () => {
    const common = { epochNs: clock.epochNs, clock };
    const watching = await watchCluster({
      ...common,
      channel: containers.channel("observer"),
      topology,
      layout,
      credentials,
      onEvent: options.onEvent,
      onEnded: options.onBroken,
    });
    held.push(watching);
    watch = watching;
    await containers.bootstrap();
    const agent = await connectAgent({
      ...common,
      channel: containers.channel("agent"),
      password: credentials.clientPassword,
    });
    held.push(agent);
    const preparing = { ...options, topology, layout, agent, watch: watching, remainingMs };
    ({ fillingMs } = await prepareDatabases(preparing));
    options.progress.detail("waiting for full redundancy");
    await Promise.all([
      proveWrite(preparing),
      watching.waitUntil({
        what: `the ${layout.nodes.length} containers of ${topology.name} to be ready`,
        holds: (view) => redundancyGaps(topology, layout, view).length === 0,
        budgetMs: remainingMs(),
        signal,
      }),
    ]);
    return { watch: watching, agent, fillingMs };
  };
  const firstEnd = containers.firstToEnd(AbortSignal.any([signal, settled.signal]));
  const ends = async (): Promise<never> => {
    throw componentEnded(topology, await firstEnd);
  };
  try {
    return await rejectOnAbort(signal, Promise.race([ready(), ends()]));
  } catch (error) {
    // A container that is about to end may first have failed whoever was talking to it.
    const told = clock.sleep(TOLD_MS, signal);
    await Promise.race([firstEnd, told]).catch(() => undefined);
    throw await explainNotReady(error, { topology, watch, containers, ...options });
  } finally {
    settled.abort(new Error("no longer of interest"));
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
