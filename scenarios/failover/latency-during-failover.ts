import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { FaultStep, Scenario } from "../../harness/model/scenario.ts";
import { withShorterSearch } from "../quick-benchmark.ts";

const benchmark = {
  workload: "tenant-orders",
  parameters: {},
  client: {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: 16,
    mix: "per-operation",
    timeoutMs: 2000,
    latencyLimitMs: 20,
    pacing: "sleep",
    samplesKept: 5000,
  },
  phases: { warmupSeconds: 2, steadySeconds: 15, coolDownSeconds: 0 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 16,
      steps: 5,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
    percents: [50],
  },
  sustained: { kind: "share-of-capacity", percent: 50 },
  k6Script: null,
  variants: [],
} as const satisfies Benchmark;

const quickBenchmark: Benchmark = withShorterSearch(benchmark, {
  phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
  steps: 4,
  stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
});

/** What users feel of a failover: the latency of reads and writes at half of what the cluster can do, second by second. */
export const latencyDuringFailover = {
  name: "latency-during-failover",
  question:
    "What do reads and writes at half of the capacity feel of a switchover, a crash and a lost node, and how long until p99 is back?",
  why:
    "Time without service is only a part of what a failover costs: operations wait for it, time out, and are followed by " +
    "cold caches and standbys that catch up. So the capacity is found first, half of it is sent without pause through " +
    "every fault, and latency is measured second by second over all that was due, failures included. Latency is back " +
    "when the p99 of five seconds is within 10 % of what it was before the first fault, and stays there.",
  topology: "high-availability",
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 20 },
  faults: injectEach(2),
  benchmark,
  targets: [
    {
      id: "T1",
      title: "Coordinator failover below 10 s, for writes, every time",
      metric: "write-unavailability",
      statistic: "each",
      bound: { below: 10 },
      source: "Architecture Overview, Targets: T1, coordinator failover < 10 s",
    },
    {
      id: "LATENCY-BACK",
      title: "p99 is back within 10 % of before within 30 s of the fault",
      metric: "latency-recovery",
      statistic: "each",
      bound: { below: 30 },
      source: "dpg-bench's own: the 10 s of T1, and 20 s for queues to drain and caches to fill",
    },
    {
      id: "RPO-0",
      title: "Coordinator failover loses no acknowledged write",
      metric: "lost-writes",
      statistic: "each",
      bound: { atMost: 0 },
      source:
        "Architecture Overview, requirements of the same system: coordinator failover loses nothing (RPO 0, synchronous)",
    },
  ],
  quick: {
    faults: injectEach(1),
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 12 },
    benchmark: quickBenchmark,
  },
} as const satisfies Scenario;

function injectEach(injections: number): readonly FaultStep[] {
  return ["switchover", "crash-postgres", "kill-node"].map((fault) => ({
    fault,
    victim: "primary of coordinators",
    injections,
  }));
}
