import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

/** PgBouncer's default, which the documented settings leave as it is: who waits, waits, and is not sent away. */
const patient = ["pgbouncer.queryWaitTimeout=120"] as const;

const benchmark = {
  workload: "many-connections",
  parameters: {},
  client: {
    engine: "native",
    agents: 1,
    sessions: "own",
    connections: 1000,
    mix: "per-client",
    timeoutMs: 35_000,
    latencyLimitMs: 1000,
    samplesKept: 5000,
  },
  phases: { warmupSeconds: 12, steadySeconds: 20, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [{ name: "1,000 clients", shape: { kind: "closed", clients: 1000, thinkTimeMs: 4000 } }],
  },
  k6Script: null,
  variants: [
    { name: "session pooling", set: ["pgbouncer.poolMode=session", ...patient] },
    { name: "transaction pooling", set: ["pgbouncer.poolMode=transaction", ...patient] },
  ],
} as const satisfies Benchmark;

/** T10: are a thousand applications served that keep their connections? */
export const connections1000 = {
  name: "connections-1000",
  question:
    "Of 1,000 clients that keep their connections, how many are served: by session and by transaction pooling?",
  why:
    "The Architecture Overview promises 1,000 concurrent connections, through three PgBouncers with session pooling and " +
    "at most 100 server connections each. A session keeps its server connection until the client leaves, so 300 clients " +
    "are served and 700 wait. With transaction pooling a server connection is taken for a transaction only. Each client " +
    "asks for little (once in four seconds), so that it is the connections that are asked about and not the throughput; " +
    "a client counts as served when at least one of its operations was answered in the steady phase. Its time-out is longer " +
    "than the stage: a client that is not served goes on waiting, as an application would.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "T10",
      title: "1,000 connections served, with session pooling as documented",
      metric: "connections-served",
      of: "session pooling: 1,000 clients",
      statistic: "each",
      bound: { atLeast: 1000 },
      source:
        "Architecture Overview, Targets: T10, 1,000 concurrent connections; Systems: S2, session pooling",
    },
    {
      id: "T10-transaction",
      title: "1,000 connections served, with transaction pooling",
      metric: "connections-served",
      of: "transaction pooling: 1,000 clients",
      statistic: "each",
      bound: { atLeast: 1000 },
      source: "Architecture Overview, Targets: T10, 1,000 concurrent connections",
    },
  ],
  quick: quickBenchmark({
    ...benchmark,
    client: { ...benchmark.client, timeoutMs: 16_000 },
    phases: { warmupSeconds: 6, steadySeconds: 8, coolDownSeconds: 0 },
    method: {
      kind: "fixed",
      stages: [{ name: "1,000 clients", shape: { kind: "closed", clients: 1000, thinkTimeMs: 3000 } }],
    },
  }),
} as const satisfies Scenario;
