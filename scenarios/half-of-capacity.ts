import type { Benchmark } from "../harness/model/benchmark.ts";
import { pooledClient } from "./pooled-client.ts";
import { withShorterSearch } from "./quick-benchmark.ts";

/** Reads and writes: the capacity is found first, then half of it is sent, undisturbed at first and then under the faults. */
export const halfOfCapacity = {
  workload: "tenant-orders",
  parameters: {},
  client: pooledClient({ connections: 16, latencyLimitMs: 20, samplesKept: 5000 }),
  phases: { warmupSeconds: 2, steadySeconds: 15, coolDownSeconds: 0 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 16,
      steps: 5,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
    percents: [50],
  },
  sustained: { kind: "share-of-capacity", percent: 50 },
  k6Script: null,
  variants: [],
} as const satisfies Benchmark;

/** The same with shorter stages, for quick forms. */
export const halfOfCapacityQuick: Benchmark = withShorterSearch(halfOfCapacity, {
  phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
  steps: 4,
  stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
});
