import { COORDINATORS } from "../../model/layout.ts";
import { noNeeds } from "../database-needs.ts";
import { createIndexes, createTable } from "./create-table.ts";
import type { SetupStages, ShardingDialectSetup } from "./sharding-dialect.ts";

/** Every table lives whole on the coordinators; a distribution column is an ordinary column. */
export const none: ShardingDialectSetup = {
  ...noNeeds,
  name: "none",
  stages: ({ tables }) =>
    onCoordinators(
      "Create tables on the coordinators",
      tables.map((table) => createTable(table)),
    ),
  removal: ({ tables }) =>
    onCoordinators(
      "Drop tables on the coordinators",
      tables.map(({ name }) => `DROP TABLE IF EXISTS ${name}`),
    ),
  settling: ({ tables }) =>
    onCoordinators("Make indexes, vacuum and analyze tables on the coordinators", [
      ...tables.flatMap((table) => createIndexes(table)),
      ...tables.map(({ name }) => `VACUUM (ANALYZE) ${name}`),
    ]),
  placement: {
    shards: ({ name }) => `select '${name}' as shard, '${COORDINATORS}' as holder`,
    keys: ({ name }, keys) =>
      `select key, '${name}' as shard, '${COORDINATORS}' as holder from unnest(array[${keys.join(", ")}]::bigint[]) as key`,
    relation: (_table, shard) => shard,
    groupOf: () => COORDINATORS,
  },
};

function onCoordinators(title: string, statements: readonly string[]): SetupStages {
  return [[{ title, at: { group: COORDINATORS }, statements }]];
}
