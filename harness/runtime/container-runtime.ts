import type {
  LineChannel,
  NetworkControl,
  NodeControl,
  ProcessControl,
  ResourceMeter,
} from "../model/capabilities.ts";
import type { Environment } from "../model/environment.ts";
import type { Endpoint } from "../model/layout.ts";
import type { RuntimeAbilities } from "../model/runtime-abilities.ts";
import type { ContainerSpec } from "./container-spec.ts";

/**
 * Where containers run. What one runtime can do and another cannot is data (`abilities`), so that a scenario is refused
 * before anything starts; a control that is called all the same rejects with the reason. Drawn for three:
 *
 * - `docker`: containers of one Docker Engine on a network of their own. Can do all of it.
 * - `kubernetes`: each node a pod of a StatefulSet, found under its name by a headless service; a pod that comes back has
 *   another address, which is why everything here goes by names. Commands and channels go through its API's exec and
 *   attach, configuration files through a Secret, resource use comes from its own metrics, leftovers are found by the same
 *   labels. It cannot freeze a pod, and can drop packets only where it may act on the machines underneath.
 * - `external`: a cluster that is there already. It starts nothing and removes nothing but the agent and the observer, which
 *   it is told where to run; of the nodes there are the entries and what answers on their ports, and no control.
 */
export interface ContainerRuntime {
  /** As it is chosen and reported. */
  readonly name: string;
  readonly abilities: RuntimeAbilities;
  /**
   * The DNS server that nodes ask for each other's names, for programs that must be told (HAProxy). null: there is none,
   * names do not change their addresses.
   */
  readonly resolver: Resolver | null;
  /**
   * Starts all containers, in the order given as far as that is faster; nothing is said of readiness. Each is found by the
   * others under its node's name. On failure, and when the signal is aborted, everything is removed before the reason is
   * raised.
   */
  start(specs: readonly ContainerSpec[], options: StartOptions): Promise<RuntimeCluster>;
  /** All clusters of dpg-bench that are there, whoever started them. */
  clusters(): Promise<readonly FoundCluster[]>;
  /** Removes what earlier clusters left behind and tells what became of it. Never touches anything that is not dpg-bench's. */
  removeLeftovers(scope: LeftoverScope): Promise<Removal>;
  /** The beginning of a line for a user's shell, which the command to run inside a container follows, as `postgres`. */
  shellInto(container: string): string;
}

/** Asked for names in a cluster's network. */
export interface Resolver {
  /** Address and port: `127.0.0.11:53`. */
  readonly address: string;
}

/** What a cluster is known by to those who find it later. */
export interface ClusterIdentity {
  readonly id: string;
  readonly runId: string;
  readonly mode: ClusterMode;
  readonly topology: string;
  /** The name of its database. */
  readonly database: string;
}

/** `run`: belongs to the process that started it, and is an orphan when that has died. `interactive`: belongs to the user, until `down`. */
export type ClusterMode = "run" | "interactive";

export interface StartOptions {
  readonly identity: ClusterIdentity;
  /** Names of the images, which must be there. */
  readonly images: { readonly node: string; readonly agent: string };
  /** Every container ends by itself after this long. */
  readonly lifetimeSeconds: number;
  /** Bound on each single call to the runtime, and on each command to a container. */
  readonly commandMs: number;
  readonly signal: AbortSignal;
  /** Called after each container's start with how many run now. */
  readonly onStarted: (node: string, running: number) => void;
  /** Called, once all else is removed, with what the runtime does not let go. */
  readonly onStuck: (leftover: StuckLeftover) => void;
}

/** One cluster's containers in their runtime, by the names of their nodes. Disposing of it removes every trace. */
export interface RuntimeCluster extends AsyncDisposable {
  readonly nodes: NodeControl;
  readonly processes: ProcessControl;
  readonly network: NetworkControl;
  readonly meter: ResourceMeter;
  /** Runs a command and resolves with what it printed; a HarnessError with its last words when it fails. */
  exec(node: string, command: NodeCommand): Promise<string>;
  /** The node's standard input and output, attached since before its start; it ends when the harness does. Throws where its spec has none. */
  channel(node: string): LineChannel;
  /** Everything that the node has printed; of one with a channel, the end of its standard error. */
  logs(node: string): Promise<string>;
  /** Where this machine reaches each port that the node's spec publishes. */
  published(node: string): Promise<ReadonlyMap<number, Endpoint>>;
  /** Resolves with the first node whose container ends; rejects when the signal is aborted. */
  firstToEnd(signal: AbortSignal): Promise<EndedNode>;
  /** The nodes whose containers have ended. */
  ended(): Promise<readonly EndedNode[]>;
  /** The runtime's engine, and the images by their ids. */
  describe(): Promise<Pick<Environment, "engine" | "images">>;
  /** Disposing leaves everything as it is from now on. */
  keep(): void;
}

/** A command inside a running container. */
export interface NodeCommand {
  /** What it is for, to follow "Expected the container engine to ...". */
  readonly what: string;
  readonly command: readonly string[];
  readonly user: string;
}

/** A node whose container does not run any more. Nothing starts it again by itself. */
export interface EndedNode {
  readonly node: string;
  readonly exitCode: number;
}

/** A cluster that is there, as it tells of itself. */
export interface FoundCluster extends ClusterIdentity {
  /** Of the process that started it. */
  readonly owner: OwnerState;
  readonly containers: readonly {
    readonly name: string;
    readonly node: string;
    readonly isRunning: boolean;
    /** The runtime's words, such as "Up 3 minutes". */
    readonly status: string;
  }[];
}

/** `unknown`: it ran where this process cannot look (another boot, machine or container). */
export type OwnerState = "alive" | "dead" | "unknown";

/** Which of the things that are dpg-bench's are to go. `orphans`: those whose run nobody conducts any more. */
export interface LeftoverScope {
  readonly scope: "orphans" | "all";
  /** Only this cluster. */
  readonly clusterId?: string | undefined;
}

/** What became of a removal. */
export interface Removal {
  readonly removed: readonly Leftover[];
  readonly stuck: readonly StuckLeftover[];
}

/** One thing that an earlier cluster left. */
export interface Leftover {
  /** A container, a network, a volume: in the runtime's words. */
  readonly kind: string;
  readonly name: string;
}

/** Empty and without use to anybody, but the runtime does not remove it yet: no reason to fail a run, only to say so. */
export interface StuckLeftover extends Leftover {
  /** A sentence: what holds it, and how it goes. */
  readonly why: string;
}
