import type { Benchmark, BenchmarkMethod, PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import type { Arrival } from "../model/load.ts";
import type { WorkloadDefinition } from "../model/workload.ts";

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
    method: withArrival(benchmark),
    sustained: benchmark.sustained,
    k6Script,
    variants,
  };
}

/**
 * A search sends its steps as the engine can: pgbench's --rate draws its starts as a Poisson process and k6's
 * constant-arrival-rate keeps them evenly apart; neither has the other.
 */
function withArrival({ method, client }: Benchmark): BenchmarkMethod {
  if (method.kind === "fixed" || client.engine === "native") return method;
  const arrival: Arrival = client.engine === "pgbench" ? "poisson" : "constant";
  return { ...method, search: { ...method.search, arrival } };
}
