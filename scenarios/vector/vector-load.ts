import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Target } from "../../harness/model/target.ts";
import { pooledClient } from "../pooled-client.ts";

/** Searches for the 10 nearest of 20,000 vectors, over 16 connections, spread over the workers as the document spreads them. */
export const vectorLoad = {
  workload: "vector-knn",
  parameters: { rows: 20_000, dimension: 64, k: 10, efSearch: 40, distributed: 1 },
  client: pooledClient({ connections: 16, latencyLimitMs: 30 }),
  k6Script: null,
  variants: [],
} as const satisfies Omit<Benchmark, "phases" | "method">;

/** Open stages at these rates, called "1,000/s". Searches arrive at random wherever the engine can send that. */
export function stagesAt(
  rates: readonly number[],
): Extract<Benchmark["method"], { readonly kind: "fixed" }>["stages"] {
  return rates.map((perSecond) => ({
    name: `${perSecond.toLocaleString("en-US")}/s`,
    shape: { kind: "open", arrival: ["poisson", "constant"], rate: { kind: "constant", perSecond } },
  }));
}

/** How quick a search is says nothing without how right it is: an index that looks at less is quicker. */
export function leastRecall(of: string, recall = 0.95): Target {
  return {
    id: "RECALL",
    title: `Mean recall of at least ${recall}: ${of}`,
    metric: "recall",
    of,
    statistic: "each",
    bound: { atLeast: recall },
    source: "dpg-bench's own: the document promises searches and does not say how right they are",
  };
}
