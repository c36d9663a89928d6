import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { latencyTargets } from "./latency-targets.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

/** What the document promises of it. */
export const simpleSelectPromise = {
  id: "T3",
  statement: "Simple SELECT",
  p99BelowMs: 10,
  statedMs: { p50: 2, p95: 5, p99: 8 },
  source: "Architecture Overview, Targets: T3, simple SELECT latency",
} as const;

/** Reads of one row by key, one after the other over 16 connections. */
export const simpleSelectLoad = {
  workload: "point-select",
  parameters: { rows: 100_000 },
  client: pooledClient({ connections: 16, latencyLimitMs: 10 }),
  k6Script: null,
  variants: [],
} as const satisfies Omit<Benchmark, "phases" | "method">;

const benchmark = {
  ...simpleSelectLoad,
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
  phases: noPhases,
  faults: [],
  benchmark,
  targets: latencyTargets(simpleSelectPromise),
  quick: quickBenchmark(
    withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
      steps: 4,
      stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
    }),
  ),
} as const satisfies Scenario;
