import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";
import { leastRecall, vectorLoad } from "./vector-load.ts";

/** `element` and `candidates` as the workload has them: what the index holds, and how many rows it gives for re-ranking. */
const FORMS = {
  "whole vectors": {},
  halfvec: { element: 1 },
  "halfvec, 20 re-ranked": { element: 1, candidates: 20 },
  "bits, none re-ranked": { element: 2 },
  "bits, 40 re-ranked": { element: 2, candidates: 40 },
  "bits, 200 re-ranked": { element: 2, candidates: 200, efSearch: 200 },
} as const;
const QUICK_FORMS = ["whole vectors", "halfvec", "bits, 40 re-ranked", "bits, 200 re-ranked"] as const;

const benchmark: Benchmark = {
  ...vectorLoad,
  parameters: { ...vectorLoad.parameters, distributed: 0, everyElement: 1 },
  phases: { warmupSeconds: 2, steadySeconds: 15, coolDownSeconds: 0 },
  method: stagesOf(Object.keys(FORMS) as Form[]),
};

/** What an index gains in size and speed, and loses in recall, by holding less of each vector. */
export const costOfQuantization = {
  name: "cost-of-quantization",
  question:
    "How do size, throughput and recall of an HNSW index change from full precision to halfvec and to binary quantization?",
  why:
    "An index of half precision, or of one bit per dimension, is smaller and quicker to read, and orders rows less exactly; re-ranking " +
    "more candidates by their full-precision distance brings recall back, and costs. So one table gets all three indexes, and the same " +
    "searches are sent by one after the other, by eight clients that never wait; recall is against exact answers in full " +
    "precision. The report has each index's size and build time beside it.",
  topology: "development",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [leastRecall("halfvec"), { ...leastRecall("bits, 200 re-ranked"), id: "RE-RANKED" }],
  quick: quickBenchmark({
    ...benchmark,
    phases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
    method: stagesOf(QUICK_FORMS),
  }),
} as const satisfies Scenario;

type Form = keyof typeof FORMS;

function stagesOf(forms: readonly Form[]): Benchmark["method"] {
  return {
    kind: "fixed",
    stages: forms.map((name) => ({
      name,
      shape: { kind: "closed", clients: 8, thinkTimeMs: 0 },
      parameters: FORMS[name],
    })),
  };
}
