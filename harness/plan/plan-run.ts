import type { Advice } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import { formatVersions } from "../model/format-versions.ts";
import type { BudgetSettings, RunPlan } from "../model/plan.ts";
import type { StreamDescription } from "../model/sample.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Topology } from "../model/topology.ts";
import { chooseBudgets } from "./choose-budgets.ts";
import { planBenchmark, type BenchmarkParts } from "./plan-benchmark.ts";
import { orderInjections } from "./order-injections.ts";
import { seededRandom } from "../support/seeded-random.ts";

/**
 * A checked scenario with every choice made: pure, so that the same seed gives the same plan. `scenario` is in the form
 * it will run in (its quick form where `quick` is true).
 */
export function planRun(input: {
  readonly scenario: Scenario;
  /** Of a benchmark with variants: the first one's. */
  readonly topology: Topology;
  /** What a benchmark was found to stand for; null for a run of faults. */
  readonly parts?: BenchmarkParts | null;
  readonly overrides: readonly string[];
  /** A whole number from 0 to 2^32 - 1. */
  readonly seed: number;
  readonly quick: boolean;
  readonly faults: Readonly<Record<string, FaultDescription>>;
  readonly streams: readonly StreamDescription[];
  readonly advice: Advice;
  /** Budgets that were set; without it all are chosen. */
  readonly budgets?: BudgetSettings;
}): RunPlan {
  const { scenario, topology, overrides, seed, quick, faults, streams, advice } = input;
  return {
    formatVersion: formatVersions.plan,
    scenario: {
      name: scenario.name,
      question: scenario.question,
      why: scenario.why,
      quick,
      ...(scenario.against === undefined ? {} : { against: scenario.against }),
      ...(scenario.set === undefined ? {} : { set: scenario.set }),
    },
    seed,
    topology,
    overrides,
    load: scenario.load,
    streams,
    phases: scenario.phases,
    injections: orderInjections(scenario.faults, faults, seededRandom(seed, "injections")),
    benchmark: planBenchmark(scenario.benchmark, input.parts ?? null),
    targets: scenario.targets,
    advice,
    budgets: chooseBudgets(topology, advice, input.budgets),
  };
}
