import type { PlannedBenchmark, StagePhases } from "../model/benchmark.ts";

/** The phases of every stage that one variant may have: `expected` when all goes well, `longest` at the most. */
export function stagePhases(
  { method, phases }: Pick<PlannedBenchmark, "method" | "phases">,
  which: "expected" | "longest",
): readonly StagePhases[] {
  if (method.kind === "fixed") return method.stages.map(() => phases);
  const { search } = method;
  const searching = Array.from({ length: 1 + search.steps }, () => search.phases);
  const after =
    method.kind === "fractions-of-capacity" ? method.percents.length : which === "expected" ? 1 : 2;
  return [...searching, ...Array.from({ length: after }, () => phases)];
}

/** Seconds that stages of these phases last. */
export function secondsOf(stages: readonly StagePhases[]): number {
  return stages.reduce(
    (sum, { warmupSeconds, steadySeconds, coolDownSeconds }) =>
      sum + warmupSeconds + steadySeconds + coolDownSeconds,
    0,
  );
}
