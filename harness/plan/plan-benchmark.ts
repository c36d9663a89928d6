import type { Benchmark, PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import type { WorkloadDefinition } from "../model/workload.ts";
import { resolveArrivals } from "../model/resolve-arrivals.ts";

/** What the names in a benchmark were found to stand for. */
export interface BenchmarkParts {
  readonly workload: WorkloadDefinition;
  /** At least one. */
  readonly variants: readonly PlannedVariant[];
  /** The text of the user's own k6 script. */
  readonly k6Script: string | null;
}

/** A checked benchmark with every parameter of its workload filled in; null where the scenario has none. */
export function planBenchmark(
  benchmark: Benchmark | null,
  parts: BenchmarkParts | null,
): PlannedBenchmark | null {
  if (benchmark === null || parts === null) return null;
  const { workload, variants, k6Script } = parts;
  const defaults = Object.entries(workload.parameters).map(
    ([name, parameter]) => [name, parameter.default] as const,
  );
  const parameters = { ...Object.fromEntries(defaults), ...benchmark.parameters };
  return {
    workload: benchmark.workload,
    parameters,
    dataBytes: workload.build(parameters).dataBytes,
    client: benchmark.client,
    phases: benchmark.phases,
    ...resolveArrivals(benchmark),
    ...(benchmark.copies == null ? {} : { copies: benchmark.copies }),
    k6Script,
    variants,
  };
}
