import type { FailureClass } from "./advice.ts";
import type { FaultTools } from "./capabilities.ts";
import type { ClusterView } from "./view.ts";

/** The node to hurt, and where it stands. */
export interface Victim {
  readonly node: string;
  readonly group: string;
  /** The group's leader when the victim was chosen. */
  readonly leader: string;
}

/** What is known of a fault without a cluster. */
export interface FaultDescription {
  readonly name: string;
  readonly title: string;
  /** How it is done, in one sentence. */
  readonly mechanism: string;
  /** What happens in real life that looks like this. */
  readonly why: string;
  readonly failureClass: FailureClass;
  /** Needs Patroni: topologies without it cannot have this fault. */
  readonly needsPatroni: boolean;
  /**
   * When to heal: `at-once` (nothing to undo, or the cluster heals itself) or `after-recovery` of the service, and after
   * what the scenario holds the fault for.
   */
  readonly healing: "at-once" | "after-recovery";
}

/**
 * One way to hurt the cluster. It carries its own healing, which the lifecycle runs on every exit. `inject` and
 * `heal` act and return; waiting is the lifecycle's, on what `isFelt` says and on full redundancy.
 */
export interface Fault extends FaultDescription {
  readonly inject: (tools: FaultTools, victim: Victim, signal: AbortSignal) => Promise<void>;
  /** Does the view show the fault? */
  readonly isFelt: (view: ClusterView, victim: Victim) => boolean;
  /** Undoes it. Safe to call more than once, and when the injection never happened or failed half way. */
  readonly heal: (tools: FaultTools, victim: Victim) => Promise<void>;
}
