import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

const benchmark = {
  workload: "point-select",
  parameters: { rows: 100_000 },
  client: pooledClient({ connections: 32, latencyLimitMs: 10 }),
  phases: { warmupSeconds: 3, steadySeconds: 20, coolDownSeconds: 1 },
  method: {
    kind: "highest-rate",
    search: {
      arrival: "poisson",
      saturationClients: 32,
      steps: 7,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
  },
  k6Script: null,
  variants: [],
} as const satisfies Benchmark;

/** T7: the highest rate of simple queries that keeps the latency promised for them. */
export const throughputSimple = {
  name: "throughput-simple",
  question: "How many simple SELECTs per second are answered with a p99 within 10 ms?",
  why:
    "The Architecture Overview promises 10,000 simple queries per second. A rate at which queries take seconds is no " +
    "capacity, so the highest rate is looked for whose p99 stays within the 10 ms that the same document promises for " +
    "such a query (T3), in steps of some seconds, and a longer stage at that rate confirms it. What a closed load reaches " +
    "is shown beside it: that is how other tools arrive at larger numbers.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "T7",
      title: "10,000 simple queries per second, with a p99 within 10 ms",
      metric: "capacity",
      statistic: "each",
      bound: { atLeast: 10_000 },
      source: "Architecture Overview, Targets: T7, simple queries 10,000 TPS; p99 from T3, target < 10 ms",
    },
  ],
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 8, coolDownSeconds: 0 },
      steps: 5,
      stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
