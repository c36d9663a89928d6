import type { FailureClass, InjectionKind } from "./advice.ts";
import type { FaultTools, Link } from "./capabilities.ts";
import type { RuntimeAbility } from "./runtime-abilities.ts";
import type { ActedOn, GroupWord, NodeKind } from "./victim-selector.ts";
import type { ClusterView } from "./view.ts";

/** What is hit, and where it stands. */
export interface Victim {
  /** In one line: "coordinator-1", "etcd-1, etcd-3", or "coordinator-1 <-> etcd-1, etcd-2, etcd-3" of a link. */
  readonly name: string;
  /** The nodes that are hit; of a link, those of both its ends. */
  readonly nodes: readonly string[];
  /** null: the nodes themselves are hit. */
  readonly link: Link | null;
  /** The PostgreSQL group that it belongs to; of what belongs to none, the coordinators. */
  readonly group: string;
  /** The group's leader when the victim was chosen. */
  readonly leader: string;
}

/** What is known of a fault, or of a cluster operation, without a cluster. */
export type FaultDescription = Described & (HurtsNodes | ActsOnGroup);

interface HurtsNodes {
  readonly kind: Extract<InjectionKind, "fault">;
  /** What it can hit: nodes of these kinds, or a link. */
  readonly hits: readonly NodeKind[] | "link";
}

interface ActsOnGroup {
  readonly kind: Extract<InjectionKind, "operation">;
  /** Who of the PostgreSQL group that a scenario names: the victims of the operation's injections. */
  readonly actsOn: ActedOn;
}

interface Described {
  readonly name: string;
  readonly title: string;
  /** How it is done, in one sentence. */
  readonly mechanism: string;
  /** What happens in real life that looks like this. */
  readonly why: string;
  readonly failureClass: FailureClass;
  /** What it asks of the runtime; where that cannot, a scenario with this fault is refused. */
  readonly needs: readonly RuntimeAbility[];
  /** Needs Patroni: topologies without it cannot have this fault. */
  readonly needsPatroni: boolean;
  /** pg_auto_failover in Patroni's place does as well. Left out: it does not. */
  readonly alsoWithPgAutoFailover?: true | undefined;
  /**
   * Moves shards, and is done to these groups alone; topologies in which shards stay where they are made cannot have this.
   * Left out: it does not.
   */
  readonly movesShards?: { readonly on: GroupWord } | undefined;
  /**
   * How long it lasts where the scenario does not say for how long, or until what, it is held: of one that nobody need
   * notice, and that would be healed at once otherwise. Left out: until service is back.
   */
  readonly lastsSeconds?: number | undefined;
  /** Spare worker groups that each injection takes into use; 0 where it is left out. */
  readonly spareGroups?: number | undefined;
  /** How many times the budget of one command its doing may take; 2 where it is left out. */
  readonly budgetInCommands?: number | undefined;
  /**
   * When to heal: `at-once` (nothing to undo, or the cluster heals itself) or `after-recovery` of the service, and after
   * what the scenario holds the fault for.
   */
  readonly healing: "at-once" | "after-recovery";
}

/**
 * One way to hurt the cluster, or one thing that is done to it on purpose. It carries its own healing, which the lifecycle
 * runs on every exit. `inject` and `heal` act and return; waiting is the lifecycle's, on the fault's own sign and on full
 * redundancy.
 */
export type Fault = FaultDescription & FaultActs & (SeenByObservers | SeenByAsking);

interface FaultActs {
  readonly inject: (tools: FaultTools, victim: Victim, signal: AbortSignal) => Promise<void>;
  /** Undoes it. Safe to call more than once, and when the injection never happened or failed half way. */
  readonly heal: (tools: FaultTools, victim: Victim) => Promise<void>;
}

interface SeenByObservers {
  /** Does the view show the fault? */
  readonly isObserved: (view: ClusterView, victim: Victim) => boolean;
  /** As below, of a fault that is healed after a stated time, which may be too short for the observers to see it. */
  readonly tookHold?: SeenByAsking["tookHold"] | undefined;
}

/** Where what the observers watch need not show it at all. */
interface SeenByAsking {
  readonly isObserved?: undefined;
  /**
   * Has it taken hold? Asked again and again once it was injected; injecting began `sinceMs` before the question. A text
   * says that it has, and by what one sees it.
   */
  readonly tookHold: (tools: FaultTools, victim: Victim, sinceMs: number) => Promise<boolean | string>;
}
