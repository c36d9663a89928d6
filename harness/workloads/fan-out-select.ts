import type { WorkloadDefinition } from "../model/workload.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { VALUES } from "./row-values.ts";
import { statementOperation } from "./statement-operation.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Count and add up rows of all tenants: a query that every shard has a part in.";

/**
 * The documented "distributed SELECT" (AO: T4, T8; S3, aggregation). No tenant is given, so every shard is asked for its
 * count and sum, found by an index, and the coordinator adds them up.
 */
export const fanOutSelect: WorkloadDefinition = {
  name: "fan-out-select",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    rowsPerTenant: parameters.rowsPerTenant(),
    permille: { meaning: "rows that are counted, of a thousand", default: 1, least: 1, most: VALUES },
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ tenants = 1, rowsPerTenant = 1, permille = 1, viaPrimary }) => {
    const rows = tenantRows("fan_out", { tenants, rowsPerTenant, byValue: true });
    const { table, seed, dataBytes, unchanged } = rows;
    return {
      name: "fan-out-select",
      summary,
      tables: [table],
      seed,
      dataBytes,
      operations: [
        statementOperation({
          name: "aggregate",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables: [{ name: "value", kind: "uniform", from: 0, to: VALUES - permille }],
          statement: {
            sql: `select count(*), sum(id) from ${table.name} where value >= $1 and value < $1 + ${permille}`,
            uses: ["value"],
          },
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: unchanged,
    };
  },
};
