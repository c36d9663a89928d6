import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { LoadPlan } from "../../harness/model/load.ts";
import type { Scenario, Step } from "../../harness/model/scenario.ts";
import type { Target } from "../../harness/model/target.ts";
import type { GroupWord } from "../../harness/model/victim-selector.ts";
import { losesNothing } from "../coordinator-promises.ts";
import { vectorLoad } from "./vector-load.ts";

/** A few searches by the clients' way in, then none: rows stay as they are, and every copy is asked the same. */
const benchmark = {
  ...vectorLoad,
  // Few neighbours and few candidates: the index misses rows, so that its answers are told from those of an exact scan.
  parameters: { rows: 20_000, dimension: 64, k: 10, m: 8, efConstruction: 32, efSearch: 10 },
  phases: { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [
      {
        name: "50/s",
        shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 50 } },
      },
    ],
  },
  copies: { queries: 100 },
} as const satisfies Benchmark;

const quickBenchmark = {
  ...benchmark,
  parameters: { ...benchmark.parameters, rows: 10_000, queries: 100 },
  phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
  copies: { queries: 50 },
} as const satisfies Benchmark;

const load: LoadPlan = {
  writeProbe: { ratePerSecond: 20, timeoutMs: 1000 },
  readProbe: { ratePerSecond: 20, timeoutMs: 1000 },
  background: null,
};

const phases = { warmupSeconds: 2, steadySeconds: 5, recoverySeconds: 2 };

const highlyAvailable: Target = {
  id: "D10",
  title: "Every copy of a vector index answers as the primary's did before anything failed",
  metric: "wrong-answers",
  statistic: "each",
  bound: { atMost: 0 },
  source:
    "Architecture Overview, Systems: S7, a vector index (HNSW) on every worker, and S6, Patroni gives each worker its standby",
};

const WHY =
  "An index that is not in the WAL is not on the standbys, and not there after a crash; it still answers, with fewer rows or " +
  "with others, and without an error. So every member is asked by itself, before anything is done and after each failover: " +
  "the same searches by the index and by an exact scan, with the planner left no other way (EXPLAIN is looked at, and a " +
  "way that was not taken says nothing). Nothing is written to the table meanwhile, and a standby, a promoted standby and a " +
  "server after its crash recovery hold the same pages as the primary that built the index: on the same pages an HNSW index " +
  "takes the same way to the same rows. So each must give the very rows that the primary gave, not only as many or as near " +
  "ones; the rows that are missing, and those that are there instead, are named.";

/** D10: whether a vector index is on the standbys, after a promotion and after a crash what it was on the primary. */
export const vectorIndexSurvival = {
  name: "vector-index-survival",
  question: "Does a vector index give the same answers on a standby, after a promotion and after a crash?",
  why: WHY,
  topology: "high-availability",
  load,
  phases,
  faults: replaced("coordinators", 2),
  benchmark,
  targets: [highlyAvailable, losesNothing("Coordinator failover loses no acknowledged write")],
  quick: { faults: replaced("coordinators", 1), phases, benchmark: quickBenchmark },
} as const satisfies Scenario;

/** The same of the index that each worker has on its shards. */
export const vectorIndexSurvivalOnWorkers = {
  name: "vector-index-survival-on-workers",
  question:
    "Do the vector indexes of the shards give the same answers on a worker's standby, after its promotion and after a crash?",
  why: WHY,
  topology: "production",
  set: ["workers.groups=2", "workers.shards=4"],
  load: { ...load, shardProbes: { ratePerSecond: 10, timeoutMs: 1000 } },
  phases,
  faults: replaced("one worker group", 2),
  benchmark: { ...benchmark, parameters: { ...benchmark.parameters, distributed: 1 } },
  targets: [highlyAvailable],
  quick: {
    faults: replaced("one worker group", 1),
    phases,
    benchmark: { ...quickBenchmark, parameters: { ...quickBenchmark.parameters, distributed: 1 } },
  },
} as const satisfies Scenario;

function replaced(on: GroupWord, injections: number): readonly Step[] {
  return [
    { operation: "switchover", on, injections },
    { fault: "crash-postgres", victim: `primary of ${on}`, injections },
  ];
}
