import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";
import { parameters, readEntry } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";

const summary = "A short read for clients that connect anew each time.";

/**
 * An application without a pool: meant for sessions `each-operation`, so that logging in is nearly all of the time.
 * Nothing is tried again: a connection that was refused is what it asks about.
 */
export const connectionChurn: WorkloadDefinition = {
  name: "connection-churn",
  summary,
  parameters: {
    rows: { meaning: "rows of the table", default: 1000, least: 1, most: 1_000_000 },
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ rows = 0, viaPrimary }) => {
    const keyed = keyedRows("connection_churn", rows);
    return {
      name: "connection-churn",
      summary,
      tables: [keyed.table],
      seed: keyed.seed,
      dataBytes: keyed.dataBytes,
      operations: [
        statementOperation({
          name: "connect-and-select",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables: [keyed.key],
          statement: keyed.selectOne,
        }),
      ],
      retry: null,
      invariants: [...keyed.unchanged, keyed.neverUpdated],
    };
  },
};
