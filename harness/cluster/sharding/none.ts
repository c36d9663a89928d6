import { COORDINATORS } from "../../model/layout.ts";
import { noNeeds } from "../database-needs.ts";
import type { IndexSpec, TableSpec } from "../../model/workload.ts";
import { createIndex, createTable } from "./create-table.ts";
import type { IndexStep, SetupStages, ShardingDialectSetup } from "./sharding-dialect.ts";

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
  indexing: ({ tables }) => tables.flatMap((table) => indexingOnCoordinators(table)),
  settling: ({ tables }) =>
    onCoordinators(
      "Vacuum and analyze tables on the coordinators",
      tables.map(({ name }) => `VACUUM (ANALYZE) ${name}`),
    ),
  placement: {
    shards: ({ name }) => `select '${name}' as shard, '${COORDINATORS}' as holder`,
    keys: ({ name }, keys) =>
      `select key, '${name}' as shard, '${COORDINATORS}' as holder from unnest(array[${keys.join(", ")}]::bigint[]) as key`,
    relation: (_table, shard) => shard,
    groupOf: () => COORDINATORS,
  },
};

/** A stage for each index. `bytesOf`: its size, as an expression, where it is not on the coordinators. */
export function indexingOnCoordinators(
  table: TableSpec,
  bytesOf?: (index: IndexSpec) => string,
): readonly (readonly IndexStep[])[] {
  return (table.indexes ?? []).map((index) => [
    {
      title: `Make the index ${index.name} on the coordinators`,
      at: { group: COORDINATORS },
      statements: createIndex(table, index, bytesOf === undefined ? {} : { bytes: bytesOf(index) }),
      table: table.name,
      index: index.name,
    },
  ]);
}

function onCoordinators(title: string, statements: readonly string[]): SetupStages {
  return [[{ title, at: { group: COORDINATORS }, statements }]];
}
