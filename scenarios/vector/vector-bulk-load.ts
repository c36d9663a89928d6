import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

const benchmark: Benchmark = {
  workload: "vector-bulk-load",
  parameters: { rowsPerCopy: 1000, dimension: 64 },
  client: pooledClient({ connections: 4, latencyLimitMs: 1000 }),
  k6Script: null,
  variants: [],
  phases: { warmupSeconds: 0, steadySeconds: 4, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [{ name: "load", shape: { kind: "closed", clients: 4, thinkTimeMs: 0 } }],
  },
};

/** What it takes to load vectors and to index them. */
export const vectorBulkLoad = {
  name: "vector-bulk-load",
  question: "How many vectors are loaded per second, and how long after the last one can they be searched?",
  why:
    "An index that is there while rows come in makes each of them many times dearer; made afterwards, from all rows at once, " +
    "it is quicker in all, and until it is there no search is quick. So rows are loaded by binary COPY over four connections, " +
    "then the HNSW index is made, and searched for the first time. What a build takes depends on maintenance_work_mem and on " +
    "parallel workers, which stand beside it.",
  topology: "development",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "SEARCHABLE",
      title: "Searchable within five minutes after the last row",
      metric: "time-until-searchable",
      statistic: "each",
      bound: { atMost: 300 },
      source: "dpg-bench's own: the document promises vector search and does not say how its data comes in",
    },
  ],
  quick: quickBenchmark({
    ...benchmark,
    phases: { warmupSeconds: 0, steadySeconds: 1, coolDownSeconds: 0 },
  }),
} as const satisfies Scenario;
