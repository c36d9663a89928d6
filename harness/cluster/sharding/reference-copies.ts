import type { GroupSpec } from "../../model/layout.ts";
import type { TableSpec } from "../../model/workload.ts";
import { columns } from "./create-table.ts";
import { foreignServer } from "./foreign-servers.ts";

/**
 * Statements for the coordinators that keep a copy of a reference table in each worker group: a foreign table for each,
 * and triggers that write to all of them what a statement wrote to the table itself. The copies are written before the
 * statement's transaction commits, each in a transaction of its own group. Safe to run again.
 */
export function keepCopies(table: TableSpec, workers: readonly GroupSpec[]): readonly string[] {
  const writer = `${table.name}_write_copies`;
  return [
    ...workers.map(
      (group) =>
        `CREATE FOREIGN TABLE IF NOT EXISTS ${foreignCopy(table.name, group)} (${columns(table).join(", ")}) ` +
        `SERVER ${foreignServer(group)} OPTIONS (table_name '${table.name}')`,
    ),
    `CREATE OR REPLACE FUNCTION ${writer}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF TG_OP <> 'INSERT' THEN
         ${workers.map((group) => deleteOld(table, foreignCopy(table.name, group))).join("\n         ")}
       END IF;
       IF TG_OP <> 'DELETE' THEN
         ${workers.map((group) => `INSERT INTO ${foreignCopy(table.name, group)} SELECT * FROM new_rows;`).join("\n         ")}
       END IF;
       RETURN NULL;
     END $$`,
    ...(["INSERT", "UPDATE", "DELETE"] as const).map(
      (event) =>
        `CREATE OR REPLACE TRIGGER ${writer}_on_${event.toLowerCase()} AFTER ${event} ON ${table.name} ` +
        `REFERENCING ${rowsOf[event]} FOR EACH STATEMENT EXECUTE FUNCTION ${writer}()`,
    ),
  ];
}

/** The foreign table on the coordinators that stands for a worker group's copy of a reference table. */
export function foreignCopy(table: string, group: GroupSpec): string {
  return `${table}_at_${foreignServer(group)}`;
}

const rowsOf = {
  INSERT: "NEW TABLE AS new_rows",
  UPDATE: "OLD TABLE AS old_rows NEW TABLE AS new_rows",
  DELETE: "OLD TABLE AS old_rows",
} as const;

function deleteOld({ primaryKey }: TableSpec, copy: string): string {
  const key = primaryKey.join(", ");
  return `DELETE FROM ${copy} WHERE (${key}) IN (SELECT ${key} FROM old_rows);`;
}
