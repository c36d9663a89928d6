import type { Micros } from "./clock.ts";
import type { ShardControl } from "./shards.ts";
import type { ContainerReading, MachineReading } from "./resource.ts";
import type { ClusterView } from "./view.ts";

/** Small abilities that faults, observers and the conductor ask for, so that a ten-line fake stands in for each. */

export type NodeState = "running" | "paused" | "ended";

/** Whole nodes (containers). */
export interface NodeControl {
  /** SIGKILL of every process of the node at once; its data stays. */
  kill(node: string): Promise<void>;
  /** Starts a node that was killed, with the data it had. Does nothing to one that runs. */
  start(node: string): Promise<void>;
  /** Freezes every process of the node: connections stay open, nothing answers. */
  pause(node: string): Promise<void>;
  /** Does nothing to a node that is not paused. */
  resume(node: string): Promise<void>;
  /** As the runtime sees it. */
  state(node: string): Promise<NodeState>;
  /** Lets the node use so many CPUs at most. */
  limitCpu(node: string, cpus: number): Promise<void>;
  /** Gives it back what it had before. Does nothing to one that was not limited. */
  unlimitCpu(node: string): Promise<void>;
  /** Has a node that was limited been held back by it? */
  isHeldBack(node: string): Promise<boolean>;
}

/** Single processes inside a node. */
export interface ProcessControl {
  /** Sends SIGKILL to the postmaster of a PostgreSQL node; its Patroni lives on. */
  killPostmaster(node: string): Promise<void>;
}

/** The way between two sets of nodes that have none in common. */
export interface Link {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Packets are dropped from `to` to `from` as well. */
  readonly bothWays: boolean;
}

/** Packets. */
export interface NetworkControl {
  /** Drops every packet from and to the node, except with the nodes named in `except`. */
  isolate(node: string, except: readonly string[]): Promise<void>;
  /** Takes all such drops away. Does nothing to a node that is not cut off. */
  rejoin(node: string): Promise<void>;
  /** Drops every packet on a link, also of connections that there are. One of its ends may be the clients. */
  cut(link: Link): Promise<void>;
  /** Packets that were dropped on the link since it was cut. */
  dropped(link: Link): Promise<number>;
  /** Makes the link whole again. Does nothing to one that is. */
  mend(link: Link): Promise<void>;
  /** Lets every packet of the node go so much later, except to the nodes named in `except`. */
  delay(request: {
    readonly node: string;
    readonly delayMs: number;
    readonly except: readonly string[];
  }): Promise<void>;
  /** From the node to the peer and back, as it is now, with whatever delays it: by the time that a TCP connection takes. */
  roundTripMs(node: string, peer: string): Promise<number>;
  /** Takes the delay away. Does nothing to a node that has none. */
  undelay(node: string): Promise<void>;
}

/** What an operator would ask of Patroni. */
export interface PatroniControl {
  /** `patronictl switchover` from the leader to the candidate (null: Patroni chooses). Resolves when patronictl has ended. */
  switchover(request: {
    readonly group: string;
    readonly leader: string;
    readonly candidate: string | null;
  }): Promise<void>;
  /** `patronictl restart` of one member's PostgreSQL. Resolves when it runs again. */
  restart(request: { readonly group: string; readonly member: string }): Promise<void>;
  /** `patronictl edit-config`: sets a parameter in the group's dynamic configuration; null takes it out. */
  setParameter(request: {
    readonly group: string;
    readonly member: string;
    readonly parameter: string;
    readonly value: string | null;
  }): Promise<void>;
  /** `patronictl reload` of all members. Resolves when each Patroni has been asked; it does it in its next loop. */
  reload(request: { readonly group: string; readonly member: string }): Promise<void>;
}

/** What a PostgreSQL says of itself, asked on its own node. */
export interface PostgresQuestions {
  /** Rejects where it does not answer. */
  configuration(request: { readonly node: string; readonly parameter: string }): Promise<{
    /** How long ago it read its configuration files, by its own clock. */
    readonly loadedAgoMs: number;
    /** The parameter's value in force for new sessions; empty where there is none. */
    readonly value: string;
  }>;
}

/** Work that a PostgreSQL is given on its own node, under an application_name of its own. */
export interface PostgresWork {
  /**
   * Resolves when the work was handed over. It ends by itself, and is ended after `seconds` in any case: `statements` are
   * run by a superuser in the database `postgres`, each in a transaction of its own.
   */
  begin(request: {
    readonly node: string;
    readonly name: string;
    readonly statements: readonly string[];
    readonly seconds: number;
  }): Promise<void>;
  /** Is it being done at this moment? */
  isDone(request: { readonly node: string; readonly name: string }): Promise<boolean>;
  /** Ends it, by pg_terminate_backend, and runs the statements. Does nothing else where it is not done. */
  end(request: {
    readonly node: string;
    readonly name: string;
    readonly statements: readonly string[];
  }): Promise<void>;
}

/** What an operator would ask of etcd. */
export interface EtcdControl {
  /** `etcdctl move-leader` to that member, asked of the one that leads. */
  moveLeader(request: { readonly from: string; readonly to: string }): Promise<void>;
}

/** The living cluster, watched. */
export interface ClusterWatch {
  view(): ClusterView;
  /**
   * Resolves when `holds` is true of the view, looking again at each event. Rejects with a HarnessError that says
   * what was awaited and what was seen instead when the budget runs out, or with the signal's reason.
   */
  waitUntil(wait: {
    readonly what: string;
    readonly holds: (view: ClusterView) => boolean;
    readonly budgetMs: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Micros>;
  /** Resolves at the next turn of the group's Patroni loop, or rejects after the budget. */
  nextLoopTick(group: string, budgetMs: number, signal?: AbortSignal): Promise<Micros>;
}

/** A process inside the cluster's network that speaks lines of text on its standard input and output. It ends when its input does. */
export interface LineChannel {
  send(line: string): void;
  /** Complete lines, in order; ends when the process ends or the channel is closed. */
  readonly lines: AsyncIterable<string>;
  close(): Promise<void>;
}

/** What the cluster's containers use, and the machine that carries them. */
export interface ResourceMeter {
  /**
   * What each container, and the machine, used since the call before; nothing at the first call. `missing` names in
   * whole sentences what could not be read, and why. Does not reject.
   */
  read(): Promise<{
    readonly readings: readonly (ContainerReading | MachineReading)[];
    readonly missing: readonly string[];
  }>;
  /**
   * What each container holds in memory now, without the page cache; `missing` as above. Does not reject.
   */
  memory(): Promise<{
    /** Mebibytes, by node. */
    readonly memoryMb: Readonly<Record<string, number>>;
    readonly missing: readonly string[];
  }>;
}

/** Everything that a fault may use. */
export interface FaultTools {
  readonly nodes: NodeControl;
  readonly processes: ProcessControl;
  readonly network: NetworkControl;
  readonly patroni: PatroniControl;
  readonly postgres: PostgresQuestions;
  readonly work: PostgresWork;
  readonly etcd: EtcdControl;
  readonly shards: ShardControl;
  readonly watch: ClusterWatch;
}

/** SQL from inside the cluster's network. */
export interface SqlRunner {
  /**
   * Runs the statements one after the other on one connection and resolves with the rows of the last one.
   * Rejects with a HarnessError that names the statement, the SQLSTATE and the host when one fails.
   */
  run(request: {
    readonly at: { readonly host: string; readonly port: number };
    readonly database: string;
    readonly statements: readonly string[];
    /** Bound on connecting and all statements together. */
    readonly budgetMs: number;
  }): Promise<readonly Readonly<Record<string, unknown>>[]>;
}
