import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { statementOperation } from "./statement-operation.ts";

const summary = "Read one row by its primary key, every row equally likely.";

/** The documented "simple SELECT" (AO: T3, T7); with `distributed`, each goes on to one worker group. */
export const pointSelect: WorkloadDefinition = {
  name: "point-select",
  summary,
  parameters: {
    rows: parameters.rows(100_000),
    distributed: parameters.distributed(),
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ rows = 0, distributed, viaPrimary }) => {
    const { table, seed, dataBytes, key, selectOne, unchanged, neverUpdated } = keyedRows(
      "point_select",
      rows,
      distributed === 1,
    );
    return {
      name: "point-select",
      summary,
      tables: [table],
      seed,
      dataBytes,
      operations: [
        statementOperation({
          name: "select",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables: [key],
          statement: selectOne,
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: [...unchanged, neverUpdated],
    };
  },
};
