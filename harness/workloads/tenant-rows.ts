import type { IndexSpec, Invariant, Statement, TableSpec, Variable } from "../model/workload.ts";
import { rowChunks } from "./row-chunks.ts";
import { FILLER_BYTES, fillerSql, unchangedRows, valueSql } from "./row-values.ts";
import { tableBytes } from "./table-bytes.ts";

/** Two integers. */
const KEY_BYTES = 8;
/** Entries of equal values share one, and add a pointer to it (PostgreSQL manual, B-Tree: "Deduplication"). */
const VALUE_ENTRY_BYTES = 6;

/** A distributed table of so many rows for each tenant, and what workloads on it have in common. */
export interface TenantRows {
  readonly table: TableSpec;
  readonly seed: readonly string[];
  readonly dataBytes: number;
  /** Draws any tenant, each equally likely. */
  readonly tenant: Variable;
  /** Draws the number of a row within its tenant. */
  readonly id: Variable;
  /** Reads one row by `tenant` and `id`. */
  readonly selectOne: Statement;
  /** Rows and values are as they were filled in. */
  readonly unchanged: readonly Invariant[];
}

/**
 * About 130 bytes a row: tenant, number within the tenant, value (0 to 999) and filler. Tables of this kind have the
 * same type of distribution column and so are co-located: a tenant's rows of all of them are on one node.
 */
export function tenantRows(
  name: string,
  { tenants, rowsPerTenant, byValue }: TenantData & { readonly byValue: boolean },
): TenantRows {
  const rows = tenants * rowsPerTenant;
  const index: IndexSpec = { name: `${name}_by_value`, definition: "(value)" };
  return {
    table: {
      name,
      columns: [
        ["tenant_id", "integer not null"],
        ["id", "integer not null"],
        ["value", "integer not null"],
        ["filler", "text not null"],
      ],
      primaryKey: ["tenant_id", "id"],
      distribution: { column: "tenant_id" },
      ...(byValue ? { indexes: [index] } : {}),
    },
    // No conflict target: the coordinators know no key of a table whose partitions are foreign.
    seed: rowChunks(rows).map(
      ([from, to]) =>
        `insert into ${name} (tenant_id, id, value, filler)
         select (number - 1) / ${rowsPerTenant} + 1, (number - 1) % ${rowsPerTenant} + 1, ${valueSql("number")},
                ${fillerSql("number")}
         from generate_series(${from}::bigint, ${to}) as number
         on conflict do nothing`,
    ),
    dataBytes:
      tableBytes(rows, 4 + 4 + 4 + 1 + FILLER_BYTES, KEY_BYTES) + (byValue ? rows * VALUE_ENTRY_BYTES : 0),
    tenant: { name: "tenant", kind: "uniform", from: 1, to: tenants },
    id: { name: "id", kind: "uniform", from: 1, to: rowsPerTenant },
    selectOne: {
      sql: `select value, filler from ${name} where tenant_id = $1 and id = $2`,
      uses: ["tenant", "id"],
    },
    unchanged: unchangedRows(name, rows),
  };
}

interface TenantData {
  readonly tenants: number;
  readonly rowsPerTenant: number;
}
