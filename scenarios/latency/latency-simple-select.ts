import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";

const source = "Architecture Overview, Targets: T3, simple SELECT latency";

const benchmark = {
  workload: "point-select",
  parameters: { rows: 100_000 },
  client: {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: 16,
    mix: "per-operation",
    timeoutMs: 2000,
    latencyLimitMs: 10,
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

/** T3: how long a SELECT of one row takes, at stated shares of what the cluster can do. */
export const latencySimpleSelect = {
  name: "latency-simple-select",
  question: "How long does a SELECT of one row take at a quarter, a half and three quarters of the capacity?",
  why:
    "The Architecture Overview promises 2, 5 and 8 ms (p50, p95, p99) and a p99 below 10 ms, and does not say at which " +
    "load. So the highest rate that keeps the p99 within 10 ms is found first, and latency is measured at shares of " +
    "it; the promise is judged at half of the capacity. Rows are read by key through the read-only entry, as the " +
    "document routes reads, from a table that fits into memory: this is the best case, not the disk's.",
  topology: "production",
  load: null,
  phases: { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 },
  faults: [],
  benchmark,
  targets: [
    {
      id: "T3",
      title: "Simple SELECT p99 below 10 ms at half of the capacity",
      metric: "latency-p99",
      of: "50 % of capacity",
      statistic: "each",
      bound: { below: 10 },
      source,
    },
    {
      id: "T3-p50",
      title: "Simple SELECT p50 of 2 ms at half of the capacity",
      metric: "latency-p50",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 2 },
      source,
    },
    {
      id: "T3-p95",
      title: "Simple SELECT p95 of 5 ms at half of the capacity",
      metric: "latency-p95",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 5 },
      source,
    },
    {
      id: "T3-p99",
      title: "Simple SELECT p99 of 8 ms at half of the capacity",
      metric: "latency-p99",
      of: "50 % of capacity",
      statistic: "each",
      bound: { atMost: 8 },
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
