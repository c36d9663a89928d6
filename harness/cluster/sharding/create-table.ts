import type { IndexSpec, TableSpec } from "../../model/workload.ts";

/** The table as one PostgreSQL holds it. Safe to run again. */
export function createTable(table: TableSpec, name = table.name): string {
  const primaryKey = table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${table.primaryKey.join(", ")})`];
  return `CREATE TABLE IF NOT EXISTS ${name} (${[...columns(table), ...primaryKey].join(", ")})`;
}

/**
 * Makes a secondary index of a table on each of `names`: the table itself, or its shards in one place. Safe to run again.
 * `bytes` gives their size, as an expression.
 */
export function createIndex(
  { name: table }: TableSpec,
  { name: index, definition, memoryMb }: IndexSpec,
  {
    names = [table],
    bytes = `(${names.map((name) => `pg_relation_size('${index}${name.slice(table.length)}')`).join(" + ")})`,
  }: { readonly names?: readonly string[]; readonly bytes?: string } = {},
): readonly string[] {
  return [
    ...(memoryMb === undefined ? [] : [`SET maintenance_work_mem = '${memoryMb}MB'`]),
    ...names.map((name) => createOne({ name: index, definition }, table, name)),
    `SELECT ${bytes} AS bytes, current_setting('maintenance_work_mem') AS memory,
     current_setting('max_parallel_maintenance_workers') AS workers`,
  ];
}

/** The table's secondary indexes, on it or on one of its shards. Safe to run again. */
export function createIndexes({ name: table, indexes = [] }: TableSpec, name = table): readonly string[] {
  return indexes.map((index) => createOne(index, table, name));
}

function createOne({ name: index, definition }: IndexSpec, table: string, name: string): string {
  return `CREATE INDEX IF NOT EXISTS ${index}${name.slice(table.length)} ON ${name} ${definition}`;
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
