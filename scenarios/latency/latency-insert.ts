import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";

const source = "Architecture Overview, Targets: T5, INSERT latency";

const benchmark = {
  workload: "insert",
  parameters: {},
  client: {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: 16,
    mix: "per-operation",
    timeoutMs: 2000,
    latencyLimitMs: 15,
    pacing: "sleep",
    samplesKept: 10000,
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
  phases: { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 },
  faults: [],
  benchmark,
  targets: [
    {
      id: "T5",
      title: "INSERT p99 below 15 ms at half of the capacity",
      metric: "latency-p99",
      of: "50 % of capacity",
      statistic: "each",
      bound: { below: 15 },
      source,
    },
    {
      id: "T5-p50",
      title: "INSERT p50 of 3 ms at half of the capacity",
      metric: "latency-p50",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 3 },
      source,
    },
    {
      id: "T5-p95",
      title: "INSERT p95 of 8 ms at half of the capacity",
      metric: "latency-p95",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 8 },
      source,
    },
    {
      id: "T5-p99",
      title: "INSERT p99 of 12 ms at half of the capacity",
      metric: "latency-p99",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 12 },
      source,
    },
  ],
  quick: {
    faults: [],
    phases: { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 },
    benchmark: {
      ...benchmark,
      phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
      method: {
        ...benchmark.method,
        search: {
          ...benchmark.method.search,
          steps: 4,
          phases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
        },
      },
    },
  },
} as const satisfies Scenario;
