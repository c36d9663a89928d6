import type { Benchmark, PlannedBenchmark, PlannedVariant, VectorFiles } from "../model/benchmark.ts";
import type { WorkloadDefinition } from "../model/workload.ts";
import { resolveArrivals } from "../model/resolve-arrivals.ts";

/** What the names in a benchmark were found to stand for. */
export interface BenchmarkParts {
  readonly workload: WorkloadDefinition;
  /** Values of its parameters, in numbers alone; those not named have the workload's defaults. */
  readonly parameters: Readonly<Record<string, number>>;
  /** That its vectors are read from; null: it makes its data. */
  readonly files: VectorFiles | null;
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
  const { workload, files, variants, k6Script } = parts;
  const defaults = Object.entries(workload.parameters).map(
    ([name, parameter]) => [name, parameter.default] as const,
  );
  const parameters = { ...Object.fromEntries(defaults), ...parts.parameters };
  return {
    workload: benchmark.workload,
    parameters,
    ...(files === null ? {} : { files }),
    dataBytes: workload.build(parameters).dataBytes,
    client: benchmark.client,
    phases: benchmark.phases,
    ...resolveArrivals(benchmark),
    ...(benchmark.copies == null ? {} : { copies: benchmark.copies }),
    k6Script,
    variants,
  };
}
