import type { WorkloadDefinition } from "../model/workload.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { statementOperation } from "./statement-operation.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Read one row of one tenant by its key: a query that goes to one shard.";

/** A router query (AO: S3): the distribution column is given, so the coordinator passes it on to one worker. */
export const tenantPointSelect: WorkloadDefinition = {
  name: "tenant-point-select",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    rowsPerTenant: parameters.rowsPerTenant(),
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ tenants = 1, rowsPerTenant = 1, viaPrimary }) => {
    const rows = tenantRows("tenant_rows", { tenants, rowsPerTenant, byValue: false });
    const { table, seed, dataBytes, tenant, id, selectOne, unchanged } = rows;
    return {
      name: "tenant-point-select",
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
          variables: [tenant, id],
          statement: selectOne,
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: unchanged,
    };
  },
};
