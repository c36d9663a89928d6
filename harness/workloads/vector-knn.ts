import type { WorkloadDefinition } from "../model/workload.ts";
import { retryPolicies } from "./retry-policies.ts";
import { searchOperation } from "./search-operation.ts";
import { checkSearch } from "./check-search.ts";
import { vectorData, vectorParameters } from "./vector-data.ts";

const summary = "Find the k vectors that are nearest to one of a pool of queries, by an index.";

/** The documented vector search (AO: T6, T9); with `distributed`, each asks every worker group. */
export const vectorKnn: WorkloadDefinition = {
  name: "vector-knn",
  summary,
  parameters: vectorParameters,
  takesVectorFiles: true,
  check: checkSearch,
  build: (values) => {
    const data = vectorData("vector_knn", values);
    return {
      name: "vector-knn",
      summary,
      usesVectors: true,
      tables: data.tables,
      seed: data.seed,
      filledFromFiles: data.filledFromFiles,
      filledInAnyOrder: data.filledInAnyOrder,
      dataBytes: data.dataBytes,
      settings: data.settings,
      operations: [searchOperation(data, values)],
      retry: retryPolicies.readAgain,
      invariants: data.invariants,
    };
  },
};
