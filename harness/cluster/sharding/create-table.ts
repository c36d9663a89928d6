import type { TableSpec } from "../../model/workload.ts";

/** The table as one PostgreSQL holds it. Safe to run again. */
export function createTable(table: TableSpec, name = table.name): string {
  const primaryKey = table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${table.primaryKey.join(", ")})`];
  return `CREATE TABLE IF NOT EXISTS ${name} (${[...columns(table), ...primaryKey].join(", ")})`;
}

/** Column definitions without constraints over several columns. */
export function columns(table: TableSpec): readonly string[] {
  return table.columns.map(([column, definition]) => `${column} ${definition}`);
}
