import type Dockerode from "dockerode";
import { HarnessError } from "../../model/errors.ts";
import { releasedAfter } from "../../support/suppressed.ts";
import type { StartOptions } from "../container-runtime.ts";
import type { ContainerSpec } from "../container-spec.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { connectEngine } from "./engine.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { clusterLabels, clusterName, type LabelledCluster } from "./labels.ts";
import { attachChannel, type AttachedChannel } from "./line-channel.ts";
import { listThings } from "./list-things.ts";
import type { NodeContainer as NodeContainerClass } from "./node-container.ts";
import { describeStuck, removeThings } from "./remove-things.ts";
import { withinBudget } from "./within-budget.ts";
import { requireSameEngine } from "./same-engine.ts";

export interface DockerClusterOptions extends StartOptions {
  readonly identity: LabelledCluster;
}

/**
 * How many containers are created and started at the same time. The engine's work for one is about 0.2 s of a CPU
 * whatever the parallelism. More at once only lets members compete while the first leaders bootstrap: `production`
 * was ready after 10.3 s (median) with 3 and 10.9 s with 8, four pairs in turn on two cores.
 */
const startsAtOnce = 3;

/** A cluster's network and containers in a Docker Engine. Disposing of it removes everything, volumes included. */
export interface DockerCluster extends AsyncDisposable {
  readonly engine: Dockerode;
  readonly networkName: string;
  readonly commandMs: number;
  container(node: string): Dockerode.Container;
  /** The channel of a node that has one; undefined for others. */
  channel(node: string): AttachedChannel | undefined;
  /** From now on disposing of it leaves everything as it is. */
  keep(): void;
}

/**
 * Creates the network and all containers, in the order given, a few at the same time. When one fails, or the signal
 * is aborted, no more are begun, those under way are awaited, everything is removed, and the first reason is raised.
 */
export async function startDockerCluster(
  specs: readonly ContainerSpec[],
  options: DockerClusterOptions,
): Promise<DockerCluster> {
  options.signal.throwIfAborted();
  const engine = await connectEngine();
  const starting = new StartingDockerCluster(engine, options);
  try {
    await starting.start(specs);
    return starting;
  } catch (error) {
    throw await releasedAfter(error, () => starting[Symbol.asyncDispose]());
  }
}

class StartingDockerCluster implements DockerCluster {
  readonly engine: Dockerode;
  readonly networkName: string;
  readonly #options: DockerClusterOptions;
  readonly #containers = new Map<string, Dockerode.Container>();
  readonly #channels = new Map<string, AttachedChannel>();
  #kept = false;
  #running = 0;

  constructor(engine: Dockerode, options: DockerClusterOptions) {
    this.engine = engine;
    this.#options = options;
    this.networkName = clusterName(options.identity.id);
  }

  get commandMs(): number {
    return this.#options.commandMs;
  }

  async start(specs: readonly ContainerSpec[]): Promise<void> {
    // Loaded only here, and meanwhile: it takes a quarter of a second that nothing but a cluster needs.
    const loading = import("./node-container.ts");
    const sameEngine = attempt(() => requireSameEngine(this.engine, testcontainersEngine));
    await this.#requireImages();
    await this.#createNetwork();
    const { NodeContainer } = await loading;
    const checked = await sameEngine;
    if (checked !== null) throw checked.reason;
    const waiting = [...specs];
    let failure: { reason: unknown } | undefined;
    const worker = async (): Promise<void> => {
      for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
        try {
          this.#options.signal.throwIfAborted();
          await this.#startContainer(spec, NodeContainer);
        } catch (reason) {
          failure ??= { reason };
          waiting.length = 0;
        }
      }
    };
    await Promise.all(Array.from({ length: startsAtOnce }, worker));
    if (failure !== undefined) throw failure.reason;
    this.#options.signal.throwIfAborted();
  }

  container(node: string): Dockerode.Container {
    const container = this.#containers.get(node);
    if (container !== undefined) return container;
    throw new HarnessError({
      code: "no-such-node",
      message: `Expected a node of the cluster (${[...this.#containers.keys()].join(", ")}), found "${node}".`,
    });
  }

  channel(node: string): AttachedChannel | undefined {
    return this.#channels.get(node);
  }

  keep(): void {
    this.#kept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#kept) return;
    // Asked of the engine, not remembered: a call that was given up may have had its effect later.
    const clusterId = this.#options.identity.id;
    const things = chooseLeftovers(await listThings(this.engine), { scope: "all", clusterId });
    const stuck = await removeThings(this.engine, things, this.commandMs);
    for (const thing of stuck) this.#options.onStuck(describeStuck(thing));
  }

  /** Asked first: testcontainers would try to pull what is not there. */
  async #requireImages(): Promise<void> {
    const { node, agent } = this.#options.images;
    const what = `find the images ${node} and ${agent}`;
    try {
      await withinBudget(what, this.commandMs, () =>
        Promise.all([node, agent].map((name) => this.engine.getImage(name).inspect())),
      );
    } catch (error) {
      throw explainEngineError(what, error);
    }
  }

  async #createNetwork(): Promise<void> {
    const what = `create the network ${this.networkName}`;
    try {
      await withinBudget(what, this.commandMs, (abortSignal) =>
        this.engine.createNetwork({
          Name: this.networkName,
          CheckDuplicate: true,
          Driver: "bridge",
          Labels: clusterLabels(this.#options.identity, null),
          abortSignal,
        }),
      );
    } catch (error) {
      throw explainEngineError(what, error);
    }
  }

  async #startContainer(spec: ContainerSpec, NodeContainer: typeof NodeContainerClass): Promise<void> {
    const { identity, images, lifetimeSeconds } = this.#options;
    const node = spec.node.name;
    const what = `start ${node}`;
    const container = new NodeContainer(spec, {
      image: images[spec.image],
      containerName: `${this.networkName}-${node}`,
      networkName: this.networkName,
      labels: clusterLabels(identity, node),
      lifetimeSeconds,
      created: async (id) => {
        const handle = this.engine.getContainer(id);
        this.#containers.set(node, handle);
        if (spec.hasChannel) this.#channels.set(node, await attachChannel(handle, this.commandMs));
      },
    });
    try {
      await withinBudget(what, this.commandMs, () => container.start());
    } catch (error) {
      throw explainEngineError(what, error);
    }
    this.#running += 1;
    this.#options.onStarted(node, this.#running);
  }
}

async function testcontainersEngine(): Promise<Dockerode> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  return (await getContainerRuntimeClient()).container.dockerode;
}

/** null when it succeeded. Begun now and looked at later, without an unhandled rejection in between. */
async function attempt(work: () => Promise<void>): Promise<{ readonly reason: unknown } | null> {
  return await work().then(
    () => null,
    (reason: unknown) => ({ reason }),
  );
}
