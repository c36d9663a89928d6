import { randomInt } from "node:crypto";
import { advise } from "../advise/advise.ts";
import { loadScenario } from "../config/load-scenario.ts";
import { shippedCatalogues } from "../config/shipped-catalogues.ts";
import { describeStreams } from "../load/protocol/describe-streams.ts";
import { UsageError, type Problem } from "../model/errors.ts";
import { directEndpoints, groupsWithShards } from "../model/layout.ts";
import type { RunPlan } from "../model/plan.ts";
import { resolveStep } from "../model/resolve-step.ts";
import { planRun } from "../plan/plan-run.ts";
import { defaultRuntime, runtimeNamed } from "../runtime/catalogue.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { parseWholeNumber } from "./parse-whole-number.ts";
import type { PlanOptions } from "./plan-options.ts";

const MOST_SEED = 2 ** 32 - 1;

/**
 * A plan for each scenario, and for each topology that it is compared on, or one UsageError with the problems of all of them and of the options. Without a seed one
 * is drawn; the plans carry it.
 */
export async function makePlans(
  references: readonly string[],
  options: PlanOptions,
  earlier: readonly Problem[] = [],
): Promise<readonly RunPlan[]> {
  const problems: Problem[] = [...earlier];
  const seed =
    options.seed === undefined
      ? randomInt(MOST_SEED)
      : parseWholeNumber("--seed", options.seed, { least: 0, most: MOST_SEED }, problems);
  const plans: RunPlan[] = [];
  const runtime = collecting(problems, () => runtimeNamed(options.runtime)) ?? defaultRuntime;
  for (const reference of references) {
    try {
      const plan = await makePlan(reference, options, { seed, runtime });
      plans.push(plan);
      const others = options.topology === undefined ? (plan.scenario.against ?? []) : [];
      for (const against of others)
        plans.push(await makePlan(reference, options, { seed, runtime, against }));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UsageError(withoutRepeats(problems));
  return plans;
}

/** null, and its problems beside the others, where it is refused. */
function collecting<T>(problems: Problem[], make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

async function makePlan(
  reference: string,
  options: PlanOptions,
  {
    seed,
    runtime,
    against,
  }: { readonly seed: number; readonly runtime: ContainerRuntime; readonly against?: string },
): Promise<RunPlan> {
  const { set, quick, engine, agents } = options;
  const catalogues = { ...shippedCatalogues, runtime };
  const request = { topology: options.topology, against, set, quick, client: { engine, agents } };
  const { scenario, topology, budgets, parts } = await loadScenario(reference, request, catalogues);
  const { faults } = catalogues;
  const workload = findWorkload(scenario.load?.background?.workload ?? "") ?? null;
  return planRun({
    scenario,
    topology,
    parts,
    overrides: [...set, ...(scenario.benchmark === null ? [] : clientOverrides(options))],
    seed,
    quick,
    faults,
    budgets,
    streams: describeStreams(
      scenario.load,
      workload,
      groupsWithShards(topology),
      Object.keys(directEndpoints(topology)),
    ),
    advice: advise(
      topology,
      scenario.faults.flatMap((step) => resolveStep(step, faults) ?? []),
    ),
  });
}

function clientOverrides({ engine, agents }: PlanOptions): readonly string[] {
  return [
    ...(engine === undefined ? [] : [`benchmark.client.engine=${engine}`]),
    ...(agents === undefined ? [] : [`benchmark.client.agents=${agents}`]),
  ];
}

/** Two scenarios on one topology have the same complaint of the same override. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
