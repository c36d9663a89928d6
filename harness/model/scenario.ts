import type { Benchmark } from "./benchmark.ts";
import type { Hold } from "./hold.ts";
import type { LoadPlan } from "./load.ts";
import type { Target } from "./target.ts";
import type { GroupWord, VictimSelector } from "./victim-selector.ts";

/** What is done to the cluster, how often, and to whom. */
export type Step = FaultStep | OperationStep;

/** One kind of fault. */
export interface FaultStep extends Hold {
  /** A fault of the catalogue. */
  readonly fault: string;
  readonly victim: VictimSelector;
  readonly injections: number;
  /** As `healAfterSeconds`, of each injection by chance (evenly, by the run's seed) from the least to the most. */
  readonly healBetweenSeconds?: { readonly least: number; readonly most: number } | undefined;
}

/** One kind of cluster operation; it has nothing to heal, and so is held for nothing. */
export interface OperationStep {
  /** A cluster operation of the catalogue. */
  readonly operation: string;
  /** The PostgreSQL group that it is done to. */
  readonly on: GroupWord;
  readonly injections: number;
}

/** The name of what a step injects. */
export function nameOfStep(step: Step): string {
  return "operation" in step ? step.operation : step.fault;
}

/** How long the parts of a run last. Seconds. */
export interface PhaseDurations {
  /** Load that is recorded and tagged, but counts for no measurement of the steady state. */
  readonly warmupSeconds: number;
  /** Undisturbed load before the first fault. */
  readonly steadySeconds: number;
  /** Undisturbed load after the cluster has its full redundancy back, after each injection. */
  readonly recoverySeconds: number;
}

/** A question put to a cluster: pure data. */
export interface Scenario {
  readonly name: string;
  /** The question in one line, for lists and reports. */
  readonly question: string;
  /** Why it is worth asking, and what a reader should know of the answer. A short paragraph. */
  readonly why: string;
  /** A topology of the catalogue. */
  readonly topology: string;
  /**
   * Topologies that the same question is put to after that one, each in a run of its own; at the end all runs are compared with the
   * first one's. Left out: none.
   */
  readonly against?: readonly string[] | undefined;
  /** `path=value` overrides of that topology which the question needs, as `--set` has them; those come after. */
  readonly set?: readonly string[] | undefined;
  /** Probes and background load around faults; null for a benchmark. */
  readonly load: LoadPlan | null;
  readonly phases: PhaseDurations;
  /** Faults and cluster operations. */
  readonly faults: readonly Step[];
  /** Load in stages, on an undisturbed cluster; null for scenarios of faults. */
  readonly benchmark: Benchmark | null;
  readonly targets: readonly Target[];
  /** What `--quick` changes: fewer injections and shorter phases; null when there is no quick form. */
  readonly quick: {
    readonly faults: readonly Step[];
    readonly phases: PhaseDurations;
    readonly benchmark: Benchmark | null;
  } | null;
}
