import { GenericContainer, type WaitStrategy } from "testcontainers";
import type { ContainerSpec } from "../container-spec.ts";

/** What a container gets from the cluster that it belongs to. */
export interface NodeContainerOptions {
  readonly image: string;
  readonly containerName: string;
  readonly networkName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly lifetimeSeconds: number;
  /** Called when the container exists and has not been started yet. */
  readonly created: (containerId: string) => Promise<void>;
}

/**
 * Whoever measures comes first when the cores are short: the agent's lateness would be counted as the cluster's
 * latency. The engine's own default is 1024; a weight takes nothing from anybody while there is idle time.
 */
const measuringWeight = 8192;

/** Readiness is watched from inside the cluster's network, for the cluster as a whole: here, started is enough. */
const startedIsEnough: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/**
 * One node as a testcontainer, created and started with as few calls to the engine as there can be: joined to its
 * network on creation (testcontainers would first join the default bridge and then connect), files in the
 * environment, no reaper, no wait.
 */
export class NodeContainer extends GenericContainer {
  readonly #created: NodeContainerOptions["created"];

  constructor(spec: ContainerSpec, options: NodeContainerOptions) {
    super(options.image);
    this.#created = options.created;
    this.withAutoCleanup(false)
      .withWaitStrategy(startedIsEnough)
      .withName(options.containerName)
      .withHostname(spec.node.name)
      .withLabels({ ...options.labels })
      .withCommand([...spec.command])
      .withEnvironment(environment(spec, options.lifetimeSeconds))
      .withAddedCapabilities(...spec.capabilities)
      .withNetworkMode(options.networkName)
      .withSharedMemorySize(256 * 1024 * 1024);
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [options.networkName]: { Aliases: [spec.node.name] } },
    };
    if (spec.limit.cpus > 0) this.hostConfig.NanoCpus = Math.round(spec.limit.cpus * 1e9);
    if (spec.limit.memoryMb > 0) this.hostConfig.Memory = spec.limit.memoryMb * 1024 * 1024;
    this.hostConfig.DnsOptions = answeredHere;
    if (spec.sysctls !== undefined) this.hostConfig.Sysctls = { ...spec.sysctls };
    this.#publish(spec.publishedPorts);
    if (spec.hasChannel) this.#measure();
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    await this.#created(containerId);
  }

  /** On the loopback address alone; testcontainers would publish on every address of the machine. */
  #publish(ports: readonly number[]): void {
    if (ports.length === 0) return;
    this.createOpts.ExposedPorts = Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}]));
    this.hostConfig.PortBindings = Object.fromEntries(
      ports.map((port) => [`${port}/tcp`, [{ HostIp: "127.0.0.1", HostPort: "" }]]),
    );
  }

  /** For agent and observer. What they print is for the harness alone: the engine does not write it down as well. */
  #measure(): void {
    this.createOpts.OpenStdin = true;
    this.createOpts.StdinOnce = true;
    this.hostConfig.LogConfig = { Type: "none", Config: {} };
    this.hostConfig.CpuShares = measuringWeight;
  }
}

/**
 * The engine forwards a name that it does not know to the machine's own DNS, unless `ndots` is set and the name has no dot.
 * A node that was killed is such a name; each log-in asks for it again, and 60 questions at once took 10 s where the
 * machine's DNS gave no answer, for which a standby would not become primary.
 */
const answeredHere = ["ndots:1"];

/** The image's entry point writes each DPG_FILE_* to the path on its first line, before the component starts. */
function environment(spec: ContainerSpec, lifetimeSeconds: number): Record<string, string> {
  const files = spec.files.map(
    (file, index) => [`DPG_FILE_${index}`, `${file.path}\n${file.content}`] as const,
  );
  return {
    ...spec.environment,
    DPG_LIFETIME_SECONDS: String(lifetimeSeconds),
    ...Object.fromEntries(files),
  };
}
