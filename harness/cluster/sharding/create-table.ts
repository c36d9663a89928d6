import type { TableSpec } from "../../model/workload.ts";

/** The table as one PostgreSQL holds it. Safe to run again. */
export function createTable(table: TableSpec, name = table.name): string {
  const primaryKey = table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${table.primaryKey.join(", ")})`];
  return `CREATE TABLE IF NOT EXISTS ${name} (${[...columns(table), ...primaryKey].join(", ")})`;
}

/** The table's secondary indexes, on it or on one of its shards. Safe to run again. */
export function createIndexes({ name: table, indexes = [] }: TableSpec, name = table): readonly string[] {
  const suffix = name.slice(table.length);
  return indexes.map(
    (index) => `CREATE INDEX IF NOT EXISTS ${index.name}${suffix} ON ${name} ${index.definition}`,
  );
}

/** Column definitions without constraints over several columns. */
export function columns(table: TableSpec): readonly string[] {
  return table.columns.map(([column, definition]) => `${column} ${definition}`);
}

/** Column that decides the shard; null where the table is not distributed. */
export function distributionColumn({ distribution }: TableSpec): string | null {
  return typeof distribution === "object" ? distribution.column : null;
}

/** Type of that column, as its definition begins. */
export function distributionType(table: TableSpec): string {
  const column = distributionColumn(table);
  const [, definition] = table.columns.find(([name]) => name === column) ?? [];
  return definition?.split(" ")[0] ?? "bigint";
}
