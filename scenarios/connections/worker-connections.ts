import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

const many = { name: "200 clients", shape: { kind: "closed", clients: 200, thinkTimeMs: 1000 } } as const;

const benchmark = {
  workload: "tenant-orders",
  parameters: {},
  client: {
    engine: "native",
    agents: 1,
    sessions: "own",
    connections: 200,
    mix: "per-client",
    timeoutMs: 20_000,
    latencyLimitMs: 1000,
    samplesKept: 5000,
  },
  // A client asks every second, and any worker may be asked for; after 20 s nearly every session has been at each.
  phases: { warmupSeconds: 20, steadySeconds: 20, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [{ name: "50 clients", shape: { kind: "closed", clients: 50, thinkTimeMs: 1000 } }, many],
  },
  k6Script: null,
  variants: [
    { name: "session pooling", set: ["pgbouncer.poolMode=session"] },
    { name: "transaction pooling", set: ["pgbouncer.poolMode=transaction"] },
  ],
} as const satisfies Benchmark;

/** D11: how many connections a worker gets from the coordinators' sessions. */
export const workerConnections = {
  name: "worker-connections",
  question:
    "Do 100 connections to a worker suffice for 200 clients: with session and with transaction pooling?",
  why:
    "The Architecture Overview allows 100 connections to each worker, and 300 sessions of PgBouncer on the coordinators. A " +
    "session keeps one connection to every worker that it has queried (with Citus as many as citus.max_cached_conns_per_worker, 1 " +
    "by default, and up to 16 while a query of many shards runs: citus.max_adaptive_executor_pool_size), so a worker has as many as " +
    "the coordinators have sessions, whatever the load. With session pooling that is one for each client. With transaction " +
    "pooling it is as many as are busy at once, which for clients that think for a second are few. Two workers are enough " +
    "to see it: each is asked for by every session, however many there are. Their own limit is set higher than 100, so " +
    "that what would be refused is counted.",
  topology: "production",
  set: ["workers.groups=2", "workers.membersPerGroup=1", "workers.shards=4"],
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [atMost100("T11", "session pooling"), atMost100("T11-transaction", "transaction pooling")],
  quick: quickBenchmark({
    ...benchmark,
    phases: { warmupSeconds: 12, steadySeconds: 8, coolDownSeconds: 0 },
    method: { kind: "fixed", stages: [many] },
  }),
} as const satisfies Scenario;

function atMost100(id: string, variant: string): Scenario["targets"][number] {
  return {
    id,
    title: `No worker has more than 100 connections, with ${variant}`,
    metric: "worker-connections",
    of: `${variant}: 200 clients`,
    statistic: "each",
    bound: { atMost: 100 },
    source:
      "Architecture Overview, Limits: T11, 100 connections per worker; Systems: S2, 100 sessions for each PgBouncer",
  };
}
