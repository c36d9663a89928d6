import type { PlannedBenchmark, StagePhases } from "../model/benchmark.ts";
import { MOST_TRIES } from "../model/tried-rate.ts";

/** Stages that a step of a search takes: mostly one, two where the rate is near what the cluster can do. */
const TRIES_OF_A_STEP = 1.5;
/** Rates that are confirmed at most: the one that was found, and a lower one. */
const CONFIRMED_RATES = 2;

/** The phases of every stage that one variant may have: `expected` when all goes well, `longest` at the most. */
export function stagePhases(
  { method, phases }: Pick<PlannedBenchmark, "method" | "phases">,
  which: "expected" | "longest",
): readonly StagePhases[] {
  if (method.kind === "fixed") return method.stages.map(() => phases);
  const { search } = method;
  const expected = which === "expected";
  const steps = Math.ceil(search.steps * (expected ? TRIES_OF_A_STEP : MOST_TRIES));
  const confirmations = expected ? 1 : CONFIRMED_RATES * MOST_TRIES;
  const after = method.kind === "fractions-of-capacity" ? method.percents.length : confirmations;
  return [...times(1 + steps, search.phases), ...times(after, phases)];
}

function times(count: number, phases: StagePhases): readonly StagePhases[] {
  return Array.from({ length: count }, () => phases);
}

/** Seconds that stages of these phases last. */
export function secondsOf(stages: readonly StagePhases[]): number {
  return stages.reduce(
    (sum, { warmupSeconds, steadySeconds, coolDownSeconds }) =>
      sum + warmupSeconds + steadySeconds + coolDownSeconds,
    0,
  );
}
