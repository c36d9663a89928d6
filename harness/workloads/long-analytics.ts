import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { statementOperation } from "./statement-operation.ts";

const summary = "An aggregate over the whole table beside short reads by primary key.";

/** An aggregate's own bound: it reads every row, beside others that do the same. */
const AGGREGATE_TIMEOUT_MS = 60_000;

/** What long statements do to short ones: they take turns on the same processors and push pages out of memory. */
export const longAnalytics: WorkloadDefinition = {
  name: "long-analytics",
  summary,
  parameters: {
    rows: parameters.rows(500_000),
    aggregatesPerThousand: {
      meaning: "aggregates of 1000 operations; the rest are short reads",
      default: 2,
      least: 1,
      most: 999,
    },
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ rows = 0, aggregatesPerThousand = 0, viaPrimary }) => {
    const keyed = keyedRows("long_analytics", rows);
    const endpoint = readEntry(viaPrimary);
    return {
      name: "long-analytics",
      summary,
      tables: [keyed.table],
      seed: keyed.seed,
      dataBytes: keyed.dataBytes,
      operations: [
        statementOperation({
          name: "select",
          kind: "read",
          endpoint,
          weight: 1000 - aggregatesPerThousand,
          variables: [keyed.key],
          statement: keyed.selectOne,
        }),
        {
          ...statementOperation({
            name: "aggregate",
            kind: "read",
            endpoint,
            weight: aggregatesPerThousand,
            variables: [],
            statement: {
              sql: `select value % 10 as part, count(*), sum(value), avg(value), max(filler)
                    from long_analytics group by part order by part`,
              uses: [],
            },
          }),
          timeoutMs: AGGREGATE_TIMEOUT_MS,
        },
      ],
      retry: retryPolicies.readAgain,
      invariants: [...keyed.unchanged, keyed.neverUpdated],
    };
  },
};
