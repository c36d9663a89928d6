import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";
import { vectorLoad } from "./vector-load.ts";

const EF_SEARCH = [10, 20, 40, 80, 160, 320] as const;
const QUICK_EF_SEARCH = [10, 40, 160] as const;

const benchmark: Benchmark = {
  ...vectorLoad,
  parameters: { ...vectorLoad.parameters, distributed: 0 },
  phases: { warmupSeconds: 2, steadySeconds: 15, coolDownSeconds: 0 },
  method: sweep(EF_SEARCH),
};

/** What a longer list of candidates costs, and what it brings. */
export const recallByEfSearch = {
  name: "recall-by-ef-search",
  question: "How do recall and throughput trade off as hnsw.ef_search grows?",
  why:
    "An HNSW index trades recall for speed by hnsw.ef_search, and a throughput without its recall can be any. So the same " +
    "searches are sent with one setting after the other on the same data and index, by eight clients that never wait, and " +
    "the report draws recall against throughput. Settings that give the very same answers did not reach the server that " +
    "searches, or make no difference: the report says which are.",
  topology: "development",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "RECALL",
      title: "Mean recall of at least 0.95 with pgvector's own setting (ef_search 40)",
      metric: "recall",
      of: "ef_search 40",
      statistic: "each",
      bound: { atLeast: 0.95 },
      source: "dpg-bench's own: the document promises searches and does not say how right they are",
    },
  ],
  quick: quickBenchmark({
    ...benchmark,
    phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
    method: sweep(QUICK_EF_SEARCH),
  }),
} as const satisfies Scenario;

function sweep(settings: readonly number[]): Benchmark["method"] {
  return {
    kind: "fixed",
    stages: settings.map((efSearch) => ({
      name: `ef_search ${efSearch}`,
      shape: { kind: "closed", clients: 8, thinkTimeMs: 0 },
      parameters: { efSearch },
    })),
  };
}
