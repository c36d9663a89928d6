import { handsOver, type Advice, type FailureClass, type InjectionKind } from "./advice.ts";
import type { PlannedBenchmark } from "./benchmark.ts";
import type { formatVersions } from "./format-versions.ts";
import type { Hold } from "./hold.ts";
import type { LoadPlan } from "./load.ts";
import type { StreamDescription } from "./sample.ts";
import type { PhaseDurations } from "./scenario.ts";
import type { Target } from "./target.ts";
import type { Topology } from "./topology.ts";
import type { VictimSelector } from "./victim-selector.ts";

export type Phase = "warmup" | "steady" | "fault" | "recovery";

/** One fault to inject, or one cluster operation: the seed has decided everything that chance decides. */
export interface PlannedInjection extends Hold {
  /** From 1, in order of injection. */
  readonly injection: number;
  /** Not in recordings of before cluster operations were told apart: see `kindOf`. */
  readonly kind?: InjectionKind;
  /** The name of the fault, or of the cluster operation. */
  readonly fault: string;
  /** What the fault does to a node, as far as the length of an outage depends on it. */
  readonly failureClass: FailureClass;
  readonly victim: VictimSelector;
  /** Where in Patroni's loop it begins, 0..1 of loop_wait. */
  readonly loopPhase: number;
  /** Decides among equal victims ("one replica"), 0..1. */
  readonly choice: number;
}

/** Older recordings have switchovers and rolling restarts as faults in which the primary hands over. */
export function kindOf({
  kind,
  failureClass,
}: Pick<PlannedInjection, "kind" | "failureClass">): InjectionKind {
  return kind ?? (handsOver(failureClass) ? "operation" : "fault");
}

/** What all injections of a plan are, as the title of a column; "Fault" where there are none. */
export function injectedTitle({
  injections,
}: Pick<RunPlan, "injections">): "Fault" | "Operation" | "Fault or operation" {
  const kinds = new Set(injections.map(kindOf));
  if (!kinds.has("operation")) return "Fault";
  return kinds.has("fault") ? "Fault or operation" : "Operation";
}

/** Named budgets: how long each wait may last at most. Milliseconds. */
export interface Budgets {
  /** Containers created and started, and the cluster ready. */
  readonly readyMs: number;
  /** Full redundancy before an injection and after its healing. */
  readonly redundancyMs: number;
  /** From a fault to lasting service again; after that the unavailability is reported as "at least". */
  readonly recoveryMs: number;
  /** Until the fault shows in what is observed. */
  readonly observedMs: number;
  /** From a fault to what it is held for; after that it is healed all the same, and what was asked is "at least". */
  readonly holdMs: number;
  /** Any single command to a container or its engine. */
  readonly commandMs: number;
}

/** Budgets as `--set budgets.NAME=N` sets them, seconds; null: chosen from the topology. */
export interface BudgetSettings {
  readonly readySeconds: number | null;
  readonly redundancySeconds: number | null;
  readonly recoverySeconds: number | null;
  readonly observedSeconds: number | null;
  readonly holdSeconds: number | null;
  readonly commandSeconds: number | null;
}

/** plan.json: a scenario with every choice made. Pure, seeded, printed before a container starts. */
export interface RunPlan {
  /** Of the whole recording. */
  readonly formatVersion: typeof formatVersions.plan;
  readonly scenario: {
    readonly name: string;
    readonly question: string;
    readonly why: string;
    readonly quick: boolean;
    /** Topologies that the scenario compares with its own; left out: none. */
    readonly against?: readonly string[] | undefined;
    /** The overrides of the topology that the scenario itself has; left out: it has none. */
    readonly set?: readonly string[] | undefined;
  };
  readonly seed: number;
  readonly topology: Topology;
  /** The overrides that were given by --set, as they were given. */
  readonly overrides: readonly string[];
  /** null for a benchmark. */
  readonly load: LoadPlan | null;
  readonly streams: readonly StreamDescription[];
  readonly phases: PhaseDurations;
  readonly injections: readonly PlannedInjection[];
  /** null for a run of faults. */
  readonly benchmark: PlannedBenchmark | null;
  readonly targets: readonly Target[];
  readonly advice: Advice;
  readonly budgets: Budgets;
}
