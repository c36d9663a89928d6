import { groupOf } from "../../../model/layout.ts";
import { dialectNeeds } from "../../dialect-needs.ts";
import type { ComponentRequest } from "../component.ts";

/** Where the statements stand in the container. */
export const bootstrapSqlPath = "/etc/dpg-bench/bootstrap.sql";

/**
 * What a group's first primary runs once, as superuser, right after its data directory was made and before anybody
 * else is let in: the clients' role, the database, what its dialects need. Standbys get it with their copy. psql's own
 * `\connect` moves from the maintenance database to the new one.
 */
export function renderBootstrapSql({ topology, layout, node, credentials }: ComponentRequest): string {
  const { database } = topology.postgres;
  const group = groupOf(layout, node.name);
  return lines([
    `CREATE ROLE dpg_bench LOGIN PASSWORD '${credentials.clientVerifier}';`,
    "GRANT pg_monitor, pg_checkpoint TO dpg_bench;",
    `CREATE DATABASE ${database} OWNER dpg_bench;`,
    `\\connect ${database}`,
    "CREATE EXTENSION pg_stat_statements;",
    ...(group === undefined
      ? []
      : dialectNeeds(topology).flatMap((needs) => needs.bootstrap({ topology, layout, group, credentials }))),
  ]);
}

function lines(statements: readonly string[]): string {
  return statements.join("\n") + "\n";
}
