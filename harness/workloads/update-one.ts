import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";
import { parameters } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { statementOperation } from "./statement-operation.ts";

const summary = "Add 1 to the version of one row by its primary key, every row equally likely.";

/** One row changed in place: few rows make it a test of lock waits. */
export const updateOne: WorkloadDefinition = {
  name: "update-one",
  summary,
  parameters: { rows: parameters.rows(100_000) },
  build: ({ rows = 0 }) => {
    const keyed = keyedRows("update_one", rows);
    return {
      name: "update-one",
      summary,
      tables: [keyed.table],
      seed: keyed.seed,
      dataBytes: keyed.dataBytes,
      operations: [
        statementOperation({
          name: "update",
          kind: "write",
          endpoint: "readWrite",
          weight: 1,
          variables: [keyed.key],
          statement: keyed.updateOne,
        }),
      ],
      retry: retryPolicies.rolledBack,
      invariants: [...keyed.unchanged, keyed.versions("update")],
    };
  },
};
