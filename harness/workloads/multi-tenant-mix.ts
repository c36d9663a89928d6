import type { TableSpec, Variable, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters, readEntry } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Reads, small aggregates and inserts of tenants of very different size, by Zipf's law.";

/**
 * A few tenants make most of the load, so the shard that the first one lives on is hot. The table of events begins
 * empty: where its rows are afterwards is which shard got which share of the load.
 */
export const multiTenantMix: WorkloadDefinition = {
  name: "multi-tenant-mix",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    rowsPerTenant: parameters.rowsPerTenant(),
    skewPercent: {
      meaning: "a hundred times the exponent of Zipf's law: at 120 the first of 400 tenants gets 25 %",
      default: 120,
      least: 105,
      most: 1000,
    },
    // One way in for all, so that every engine can send it.
    viaPrimary: { ...parameters.viaPrimary(), default: 1 },
  },
  build: ({ tenants = 1, rowsPerTenant = 1, skewPercent = 120, viaPrimary }) => {
    const rows = tenantRows("mixed_rows", { tenants, rowsPerTenant, byValue: false });
    const tenant: Variable = {
      name: "tenant",
      kind: "zipf",
      from: 1,
      to: tenants,
      exponent: skewPercent / 100,
    };
    const reading = { kind: "read", endpoint: readEntry(viaPrimary) } as const;
    return {
      name: "multi-tenant-mix",
      summary,
      tables: [rows.table, events],
      seed: rows.seed,
      dataBytes: rows.dataBytes,
      operations: [
        statementOperation({
          name: "select",
          ...reading,
          weight: 60,
          variables: [tenant, rows.id],
          statement: rows.selectOne,
        }),
        statementOperation({
          name: "sum-up",
          ...reading,
          weight: 10,
          variables: [tenant],
          statement: {
            sql: `select count(*), sum(value) from ${rows.table.name} where tenant_id = $1`,
            uses: ["tenant"],
          },
        }),
        {
          ...statementOperation({
            name: "insert-event",
            kind: "write",
            endpoint: "readWrite",
            weight: 30,
            variables: [tenant, { name: "id", kind: "id" }],
            statement: {
              sql: `insert into ${events.name} (tenant_id, id) values ($1, $2)`,
              uses: ["tenant", "id"],
            },
          }),
          ledgerTable: events.name,
        },
      ],
      // Never again after a lost connection: it may have happened.
      retry: null,
      invariants: [
        ...rows.unchanged,
        {
          title: "every acknowledged event is there, and no other but those of unknown outcome",
          sql: `select count(*) as found from ${events.name}`,
          ...bounds.acknowledged("insert-event"),
        },
      ],
    };
  },
};

const events: TableSpec = {
  name: "mixed_events",
  columns: [
    ["tenant_id", "integer not null"],
    ["id", "bigint not null"],
  ],
  primaryKey: ["tenant_id", "id"],
  distribution: { column: "tenant_id" },
};
