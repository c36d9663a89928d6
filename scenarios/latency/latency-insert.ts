import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { latencyTargets } from "./latency-targets.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

const source = "Architecture Overview, Targets: T5, INSERT latency";

const benchmark = {
  workload: "insert",
  parameters: {},
  client: pooledClient({ connections: 16, latencyLimitMs: 15 }),
  phases: { warmupSeconds: 3, steadySeconds: 20, coolDownSeconds: 1 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 16,
      steps: 6,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
    percents: [25, 50, 75],
  },
  k6Script: null,
  variants: [],
} as const satisfies Benchmark;

/** T5: how long an INSERT of one row takes, at stated shares of what the cluster can do. */
export const latencyInsert = {
  name: "latency-insert",
  question:
    "How long does an INSERT of one row take at a quarter, a half and three quarters of the capacity?",
  why:
    "The Architecture Overview promises 3, 8 and 12 ms (p50, p95, p99) and a p99 below 15 ms, and does not say at which " +
    "load. So the highest rate that keeps the p99 within 15 ms is found first, and latency is measured at shares of " +
    "it; the promise is judged at half of the capacity. Every INSERT is its own transaction: it waits for the WAL to be " +
    "flushed, and on topologies with synchronous replication for a standby as well. Every acknowledged row is counted " +
    "afterwards.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: latencyTargets({
    id: "T5",
    statement: "INSERT",
    p99BelowMs: 15,
    statedMs: { p50: 3, p95: 8, p99: 12 },
    source,
  }),
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
      steps: 4,
      stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
