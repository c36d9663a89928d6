import type { Benchmark } from "../model/benchmark.ts";
import type { WorkloadDefinition } from "../model/workload.ts";

/** A workload whose rows take 150 bytes each; it has no operations. */
export const fakeWorkload: WorkloadDefinition = {
  name: "point-select",
  summary: "For tests.",
  parameters: {
    rows: { meaning: "rows", default: 100_000, least: 1, most: 1_000_000 },
    spread: { meaning: "1: spread", default: 0, least: 0, most: 1 },
  },
  build: ({ rows = 0 }) => ({
    name: "point-select",
    summary: "For tests.",
    tables: [],
    seed: [],
    dataBytes: 150 * rows,
    operations: [],
    retry: null,
    invariants: [],
  }),
};

/** What a scenario says of such a benchmark: latency at two shares of the capacity. */
export const fakeQuestion: Benchmark = {
  workload: "point-select",
  parameters: { rows: 2_000_000 },
  client: {
    engine: "native",
    agents: 2,
    sessions: "pool",
    connections: 16,
    mix: "per-operation",
    timeoutMs: 2000,
    latencyLimitMs: 10,
    samplesKept: 20_000,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, coolDownSeconds: 1 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 16,
      steps: 6,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
    percents: [25, 50],
  },
  k6Script: null,
  variants: [],
};
