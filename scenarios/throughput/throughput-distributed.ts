import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { distributedSelectLoad } from "../latency/latency-distributed-select.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

const benchmark = {
  ...distributedSelectLoad,
  client: { ...distributedSelectLoad.client, connections: 32 },
  phases: { warmupSeconds: 3, steadySeconds: 20, coolDownSeconds: 1 },
  method: {
    kind: "highest-rate",
    search: {
      arrival: "poisson",
      saturationClients: 32,
      steps: 7,
      phases: { warmupSeconds: 2, steadySeconds: 12, coolDownSeconds: 0 },
    },
  },
} as const satisfies Benchmark;

/** T8: the highest rate of distributed queries that keeps the latency promised for them. */
export const throughputDistributed = {
  name: "throughput-distributed",
  question: "How many SELECTs over all shards are answered per second with a p99 within 20 ms?",
  why:
    "The Architecture Overview promises 5,000 distributed queries per second. The highest rate is looked for whose p99 " +
    "stays within the 20 ms that the same document promises for such a query (T4), in steps of some seconds, and a longer " +
    "stage at that rate confirms it. Each query is one on every shard: 5,000 of them on eight shards are 40,000 queries " +
    "on the workers, and where all share one machine its cores are soon full.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "T8",
      title: "5,000 distributed queries per second, with a p99 within 20 ms",
      metric: "capacity",
      statistic: "each",
      bound: { atLeast: 5000 },
      source:
        "Architecture Overview, Targets: T8, distributed queries 5,000 TPS; p99 from T4, target < 20 ms",
    },
  ],
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 8, coolDownSeconds: 0 },
      steps: 3,
      stepPhases: { warmupSeconds: 2, steadySeconds: 10, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
