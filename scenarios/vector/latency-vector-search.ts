import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { latencyTargets } from "../latency/latency-targets.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";
import { leastRecall, stagesAt, vectorLoad } from "./vector-load.ts";

const benchmark: Benchmark = {
  ...vectorLoad,
  phases: { warmupSeconds: 3, steadySeconds: 30, coolDownSeconds: 1 },
  method: { kind: "fixed", stages: stagesAt([50, 100, 200, 400]) },
};

/** T6: how long a vector search takes, at stated rates, and how right it is there. */
export const latencyVectorSearch = {
  name: "latency-vector-search",
  question: "How long does a search for the 10 nearest vectors take at stated rates, and how right is it?",
  why:
    "The Architecture Overview promises 8, 15 and 25 ms (p50, p95, p99) and a p99 below 30 ms for searches that every " +
    "worker answers for its own shards and the coordinator merges (B3). It says neither at which load nor how right the " +
    "answers are. So latency is measured at fixed rates, the promise is judged at the lowest of them, which is the best " +
    "case, and recall is measured in the same stages, against an exact scan.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    ...latencyTargets({
      id: "T6",
      statement: "Vector search",
      p99BelowMs: 30,
      statedMs: { p50: 8, p95: 15, p99: 25 },
      source: "Architecture Overview, Targets: T6, vector search latency, k = 10",
      at: { stage: "50/s", inWords: "50 per second" },
    }),
    leastRecall("50/s"),
  ],
  quick: quickBenchmark({
    ...benchmark,
    // A p99 takes 1,000 operations, and a Poisson process may fall a little short of its rate.
    phases: { warmupSeconds: 1, steadySeconds: 23, coolDownSeconds: 0 },
    method: { kind: "fixed", stages: stagesAt([50, 100]) },
  }),
} as const satisfies Scenario;
