import type { TableSpec, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Copy all rows of one tenant from one distributed table into another.";

/**
 * The tables are co-located, so a dialect can copy on the node where the tenant is; rows that travel to the coordinator
 * and back show as time. Every copy carries its operation's number: one that is there in part would show.
 */
export const insertSelect: WorkloadDefinition = {
  name: "insert-select",
  summary,
  parameters: { tenants: parameters.tenants(), rowsPerTenant: parameters.rowsPerTenant() },
  build: ({ tenants = 1, rowsPerTenant = 1 }) => {
    const rows = tenantRows("copied_rows", { tenants, rowsPerTenant, byValue: false });
    return {
      name: "insert-select",
      summary,
      tables: [rows.table, copies],
      seed: rows.seed,
      dataBytes: rows.dataBytes,
      operations: [
        statementOperation({
          name: "copy",
          kind: "write",
          endpoint: "readWrite",
          weight: 1,
          variables: [rows.tenant, { name: "copy", kind: "id" }],
          statement: {
            sql: `insert into ${copies.name} (tenant_id, copy_id, id, value)
                    select tenant_id, $2::bigint, id, value from ${rows.table.name} where tenant_id = $1`,
            uses: ["tenant", "copy"],
          },
        }),
      ],
      // Never again after a lost connection: it may have happened.
      retry: null,
      invariants: [
        ...rows.unchanged,
        {
          title: "the rows of every acknowledged copy are there, and no others but those of unknown outcome",
          sql: `select count(*) as found from ${copies.name}`,
          ...bounds.acknowledged("copy", rowsPerTenant),
        },
        {
          title: "no copy is there in part",
          sql: `select count(*) as found
                from (select tenant_id, copy_id from ${copies.name}
                      group by tenant_id, copy_id having count(*) <> ${rowsPerTenant}) as uneven`,
          ...bounds.exactly(0),
        },
      ],
    };
  },
};

const copies: TableSpec = {
  name: "copies",
  columns: [
    ["tenant_id", "integer not null"],
    ["copy_id", "bigint not null"],
    ["id", "integer not null"],
    ["value", "integer not null"],
  ],
  primaryKey: ["tenant_id", "copy_id", "id"],
  distribution: { column: "tenant_id" },
};
