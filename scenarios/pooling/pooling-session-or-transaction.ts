import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

const benchmark = {
  workload: "read-write-mix",
  parameters: { rows: 100_000, readPercent: 80 },
  client: {
    engine: "native",
    agents: 1,
    sessions: "own",
    connections: 250,
    mix: "per-operation",
    timeoutMs: 5000,
    latencyLimitMs: 1000,
    samplesKept: 10000,
  },
  phases: { warmupSeconds: 5, steadySeconds: 30, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [{ name: "250 clients", shape: { kind: "closed", clients: 250, thinkTimeMs: 200 } }],
  },
  k6Script: null,
  variants: [
    { name: "session pooling", set: ["pgbouncer.poolMode=session"] },
    { name: "transaction pooling", set: ["pgbouncer.poolMode=transaction"] },
  ],
} as const satisfies Benchmark;

/** S2: what the pooling mode does to clients that are more than the pool's server connections. */
export const poolingSessionOrTransaction = {
  name: "pooling-session-or-transaction",
  question: "What do session and transaction pooling do to 250 clients that share 100 server connections?",
  why:
    "The Architecture Overview pools by session, 100 server connections for each PgBouncer. That suits clients that come " +
    "and go; 250 that stay and now and then read or write (five times a second) get in each other's way, though all of " +
    "their work together would fit into a few connections. The same load is sent through both modes, on a cluster each: " +
    "compare who is served, how long is waited, and the queue that PgBouncer itself reports.",
  topology: "high-availability",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "S2-session",
      title: "All 250 clients are served by session pooling",
      metric: "connections-served",
      of: "session pooling: 250 clients",
      statistic: "each",
      bound: { atLeast: 250 },
      source:
        "Architecture Overview, Systems: S2, session pooling, more application connections than server connections",
    },
    {
      id: "S2-transaction",
      title: "All 250 clients are served by transaction pooling",
      metric: "connections-served",
      of: "transaction pooling: 250 clients",
      statistic: "each",
      bound: { atLeast: 250 },
      source: "Architecture Overview, Systems: S2, more application connections than server connections",
    },
  ],
  quick: quickBenchmark({ ...benchmark, phases: { warmupSeconds: 3, steadySeconds: 8, coolDownSeconds: 0 } }),
} as const satisfies Scenario;
