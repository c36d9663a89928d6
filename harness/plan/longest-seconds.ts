import type { PlannedBenchmark } from "../model/benchmark.ts";
import type { RunPlan } from "../model/plan.ts";
import { moveInCommands } from "../model/shards.ts";
import { secondsOf, stagePhases } from "./stage-phases.ts";

/** Time for reading ledgers, logs and other short work, on top of what has a budget of its own. */
const ALLOWANCE_SECONDS = 600;
/** What a stage may take beyond its phases and time-out: log-ins, and an engine that ends late. */
const STAGE_ALLOWANCE_SECONDS = 180;
/** The slowest filling of tables that is still waited for. */
const FILLED_BYTES_PER_SECOND = 1_000_000;

/** All copies at one moment; see database/read-copies. */
const ASKING_COPIES_SECONDS = 150;

/**
 * How long a cluster of a run can be needed at most if every wait used its whole budget: the life that its containers
 * are given. Of a benchmark with variants: each variant's cluster.
 */
export function longestSeconds(plan: RunPlan): number {
  const { budgets, benchmark } = plan;
  return Math.ceil(
    ALLOWANCE_SECONDS +
      budgets.readyMs / 1000 +
      longestUnderProbes(plan) +
      (benchmark === null ? 0 : longestStages(benchmark)),
  );
}

/** How long the probes are sent at most, and the load that is sustained under faults. Seconds. */
export function longestUnderProbes({
  budgets,
  phases,
  injections,
  benchmark,
}: Pick<RunPlan, "budgets" | "phases" | "injections" | "benchmark">): number {
  // What a fault is held for may be followed by a second wait for service.
  const perInjectionMs =
    2 * budgets.redundancyMs + budgets.observedMs + 2 * budgets.recoveryMs + budgets.holdMs;
  const leastSeconds = injections.reduce(
    (sum, each) => sum + (each.leastSeconds ?? each.healAfterSeconds ?? 0),
    0,
  );
  const asking = benchmark?.copies == null ? 0 : (1 + injections.length) * ASKING_COPIES_SECONDS;
  const moves = injections.filter(({ failureClass }) => failureClass === "rescaling").length;
  return (
    asking +
    phases.warmupSeconds +
    phases.steadySeconds +
    injections.length * (perInjectionMs / 1000 + phases.recoverySeconds) +
    moves * moveInCommands * (budgets.commandMs / 1000) +
    leastSeconds
  );
}

function longestStages(benchmark: PlannedBenchmark): number {
  const stages = stagePhases(benchmark, "longest");
  const beyond = benchmark.client.timeoutMs / 1000 + STAGE_ALLOWANCE_SECONDS;
  return secondsOf(stages) + stages.length * beyond + benchmark.dataBytes / FILLED_BYTES_PER_SECOND;
}
