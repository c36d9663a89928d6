import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { losesNothing } from "../coordinator-promises.ts";
import { withShorterSearch } from "../quick-benchmark.ts";
import { leastRecall, vectorLoad } from "./vector-load.ts";

const sustained = "50 % of capacity, sustained";

const benchmark = {
  ...vectorLoad,
  workload: "vector-churn",
  parameters: { rows: 20_000, dimension: 64, k: 10, efSearch: 40, writePercent: 10, viaPrimary: 1 },
  phases: { warmupSeconds: 2, steadySeconds: 15, coolDownSeconds: 0 },
  method: {
    kind: "fractions-of-capacity",
    search: {
      arrival: "poisson",
      saturationClients: 8,
      steps: 5,
      phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
    },
    percents: [50],
  },
  sustained: { kind: "share-of-capacity", percent: 50 },
} as const satisfies Benchmark;

/** D10 under load: whether searches stay right while rows change and the server that answers them is replaced. */
export const vectorRecallUnderFailover = {
  name: "vector-recall-under-failover",
  question:
    "Do vector searches stay as right as they were while a switchover and a crash move them to another server, and rows change?",
  why:
    "An index that is not in the WAL, or not rebuilt after a crash, still answers: with fewer rows, or with others, and " +
    "without an error. Latency and errors do not show that, recall does. So searches go on at half of the capacity while " +
    "other rows are inserted and deleted, first undisturbed, then through a switchover and a crash; they go to the primary, " +
    "so that each time another server answers from its own copy of the index.",
  topology: "high-availability",
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 15 },
  faults: injectEach(2),
  benchmark,
  targets: [
    leastRecall(`${sustained}, during`),
    {
      id: "SHORT",
      title: "No search gives fewer rows than it was asked for",
      metric: "short-results",
      of: `${sustained}, during`,
      statistic: "each",
      bound: { atMost: 0 },
      source:
        "dpg-bench's own: a scan of an HNSW index yields up to ef_search candidates, deleted rows that are not vacuumed yet among them; that is room enough for these k",
    },
    losesNothing("Coordinator failover loses no acknowledged write"),
  ],
  quick: {
    faults: injectEach(1),
    phases: { warmupSeconds: 2, steadySeconds: 10, recoverySeconds: 8 },
    benchmark: withShorterSearch(benchmark, {
      phases: { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 0 },
      steps: 3,
      stepPhases: { warmupSeconds: 1, steadySeconds: 2, coolDownSeconds: 0 },
    }),
  },
} as const satisfies Scenario;

function injectEach(injections: number): readonly Step[] {
  return [
    { operation: "switchover", on: "coordinators", injections },
    { fault: "crash-postgres", victim: "primary of coordinators", injections },
  ];
}
