import type { WorkloadDefinition } from "../model/workload.ts";
import { checkSearch } from "./check-search.ts";
import { retryPolicies } from "./retry-policies.ts";
import { searchOperation } from "./search-operation.ts";
import { vectorData, vectorParameters } from "./vector-data.ts";

const summary = "Find the k nearest vectors among those rows, a stated share, that a condition lets through.";

/**
 * An index on vectors knows nothing of the condition: rows that it finds and the condition does not let through are left
 * out, and with few that it does let through an answer is short, unless the scan goes on (`iterativeScan`).
 */
export const vectorKnnFiltered: WorkloadDefinition = {
  name: "vector-knn-filtered",
  summary,
  parameters: {
    ...vectorParameters,
    selectedPercent: {
      meaning: "rows that the condition lets through, in percent",
      default: 10,
      least: 1,
      most: 100,
    },
  },
  takesVectorFiles: true,
  check: checkSearch,
  build: (values) => {
    const { selectedPercent = 10 } = values;
    const filter = `category < ${selectedPercent}`;
    const table = "vector_knn_filtered";
    // Categories are by hash, so that they have nothing to do with the clusters.
    const data = vectorData(table, values, {
      columns: [["category", "integer not null", `(hashint8extended(id, 4) & ${2 ** 31 - 1}) % 100`]],
      filter,
    });
    return {
      name: "vector-knn-filtered",
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
