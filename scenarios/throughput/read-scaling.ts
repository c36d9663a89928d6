import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

const benchmark = {
  workload: "point-select",
  parameters: { rows: 100_000 },
  client: pooledClient({ connections: 32, latencyLimitMs: 10 }),
  phases: { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 },
  method: {
    kind: "highest-rate",
    search: {
      arrival: "poisson",
      saturationClients: 32,
      steps: 5,
      phases: { warmupSeconds: 0.5, steadySeconds: 3, coolDownSeconds: 0 },
    },
  },
  k6Script: null,
  variants: [
    { name: "1 replica", set: ["coordinators.members=2"] },
    { name: "2 replicas", set: ["coordinators.members=3"] },
    { name: "4 replicas", set: ["coordinators.members=5"] },
  ],
} as const satisfies Benchmark;

/** B8: what more replicas bring to reads. */
export const readScaling = {
  name: "read-scaling",
  question: "How many SELECTs per second are served with 1, 2 and 4 replicas behind the read-only entry?",
  why:
    "The Architecture Overview scales reads by adding coordinators (3 to 5). Each number of replicas gets a cluster of " +
    "its own, and the highest rate that keeps the p99 within 10 ms is looked for on each. Nothing may be lost on the way: " +
    "no operation of the confirming stages may fail. Replicas that share one machine share its cores: look at the named " +
    "bottleneck before concluding that replicas do not help.",
  topology: "high-availability",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: ["1 replica", "2 replicas", "4 replicas"].map((variant) => ({
    id: `T12-${variant.slice(0, 1)}`,
    title: `No read fails with ${variant}`,
    metric: "operations-failed",
    of: `${variant}: confirmation`,
    statistic: "each",
    bound: { atMost: 0 },
    source: "Architecture Overview, Targets: T12, no downtime while scaling reads (B8)",
  })),
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 0.5, steadySeconds: 4, coolDownSeconds: 0 },
      steps: 3,
      stepPhases: { warmupSeconds: 0.5, steadySeconds: 1.5, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
