import type { Benchmark, StagePhases } from "../harness/model/benchmark.ts";
import type { PhaseDurations, Scenario } from "../harness/model/scenario.ts";

/** A benchmark's phases are those of its stages: the phases of a run of faults have no length. */
export const noPhases: PhaseDurations = { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 };

/** The quick form of a scenario that is a benchmark. */
export function quickBenchmark(benchmark: Benchmark): NonNullable<Scenario["quick"]> {
  return { faults: [], phases: noPhases, benchmark };
}

/** The same benchmark with shorter stages, and a search of fewer and shorter steps. */
export function withShorterSearch(
  benchmark: Benchmark & { readonly method: Exclude<Benchmark["method"], { readonly kind: "fixed" }> },
  shorter: { readonly phases: StagePhases; readonly steps: number; readonly stepPhases: StagePhases },
): Benchmark {
  const { method } = benchmark;
  const search = { ...method.search, steps: shorter.steps, phases: shorter.stepPhases };
  return { ...benchmark, phases: shorter.phases, method: { ...method, search } };
}
