import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { latencyTargets } from "./latency-targets.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

/** What the document promises of it. */
const promise = {
  id: "T4",
  statement: "Distributed SELECT",
  p99BelowMs: 20,
  statedMs: { p50: 5, p95: 12, p99: 18 },
  source: "Architecture Overview, Targets: T4, distributed SELECT latency",
} as const;

/** A SELECT that every shard has a part in, one after the other over 16 connections. */
export const distributedSelectLoad = {
  workload: "fan-out-select",
  parameters: {},
  client: pooledClient({ connections: 16, latencyLimitMs: promise.p99BelowMs }),
  k6Script: null,
  variants: [],
} as const satisfies Omit<Benchmark, "phases" | "method">;

const benchmark = {
  ...distributedSelectLoad,
  phases: { warmupSeconds: 3, steadySeconds: 20, coolDownSeconds: 1 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 16,
      steps: 6,
      // Some hundred of these in a second fill two cores, and a p99 needs a thousand.
      phases: { warmupSeconds: 2, steadySeconds: 12, coolDownSeconds: 0 },
    },
    percents: [25, 50, 75],
  },
} as const satisfies Benchmark;

/** T4: how long a SELECT over all shards takes, at stated shares of what the cluster can do. */
export const latencyDistributedSelect = {
  name: "latency-distributed-select",
  question:
    "How long does a SELECT over all shards take at a quarter, a half and three quarters of the capacity?",
  why:
    "The Architecture Overview promises 5, 12 and 18 ms (p50, p95, p99) and a p99 below 20 ms for a distributed SELECT, " +
    "and says neither at which load nor what such a SELECT asks for. Here no tenant is given: every shard is asked for its " +
    "part of a count and a sum, which it finds by an index, and the coordinator adds them up. One row in a thousand is " +
    "counted, so that what is measured is the fan-out and not the scan. The promise is judged at half of the capacity.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: latencyTargets(promise),
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 },
      steps: 3,
      stepPhases: { warmupSeconds: 2, steadySeconds: 10, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
