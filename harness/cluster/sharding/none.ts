import { COORDINATORS } from "../../model/layout.ts";
import { createTable } from "./create-table.ts";
import type { ShardingDialectSetup } from "./sharding-dialect.ts";

/** Every table lives whole on the coordinators; a distribution column is an ordinary column. */
export const none: ShardingDialectSetup = {
  name: "none",
  stages: ({ tables }) => [
    [
      {
        title: "Create tables on the coordinators",
        at: { group: COORDINATORS },
        statements: tables.map((table) => createTable(table)),
      },
    ],
  ],
};
