import { COORDINATORS, type GroupSpec } from "../../model/layout.ts";
import type { TableSpec } from "../../model/workload.ts";
import { columns, createTable } from "./create-table.ts";
import { foreignServer, foreignServers } from "./foreign-servers.ts";
import { none } from "./none.ts";
import type { SetupStep, ShardingDialectSetup, ShardingRequest } from "./sharding-dialect.ts";

/** Hash partitions that each worker group holds of a table: one keeps planning cheap, and nothing here moves shards. */
const partitionsPerGroup = 1;

/**
 * A distributed table is hash-partitioned on the coordinators; each partition is a foreign table that stands for a
 * table of a worker group. The primary key is the workers' matter: PostgreSQL knows no key over foreign partitions.
 * There is no two-phase commit: a statement that writes to two groups can be half done after a crash.
 */
export const fdw: ShardingDialectSetup = {
  name: "fdw",
  preloads: [],
  packages: [],
  versions: {},
  bootstrap: (request) => (request.group.role === "coordinator" ? foreignServers(request) : []),
  stages: (request) => {
    const { workers, distributed, local } = divided(request);
    if (workers.length === 0 || distributed.length === 0) return none.stages(request);
    const count = workers.length * partitionsPerGroup;
    return [
      workers.map((group, index) => workerStep(group, partitionsOf(index), distributed)),
      [
        {
          title: "Create tables on the coordinators, with foreign partitions on the workers",
          at: { group: COORDINATORS },
          statements: [
            ...local.map((table) => createTable(table)),
            ...distributed.flatMap((table) => [
              createPartitioned(table),
              ...workers.flatMap((group, index) =>
                partitionsOf(index).map((partition) => createForeign({ table, partition, count, group })),
              ),
            ]),
          ],
        },
      ],
    ];
  },
  // The coordinators' first: that ends whatever still uses the workers' tables through them.
  removal: (request) => [
    ...none.removal(request),
    divided(request).workers.map((group, index) => ({
      title: `Drop shards on ${group.name}`,
      at: { group: group.name },
      statements: shardsOf(index, request.tables).map((shard) => `DROP TABLE IF EXISTS ${shard}`),
    })),
  ],
  // Statistics of foreign tables come last, from rows that the workers are asked for.
  settling: (request) => {
    const { workers, distributed, local } = divided(request);
    if (workers.length === 0 || distributed.length === 0) return none.settling(request);
    return [
      workers.map((group, index) => ({
        title: `Vacuum and analyze shards on ${group.name}`,
        at: { group: group.name },
        statements: shardsOf(index, distributed).map((shard) => `VACUUM (ANALYZE) ${shard}`),
      })),
      [
        {
          title: "Vacuum and analyze tables on the coordinators",
          at: { group: COORDINATORS },
          statements: [
            ...local.map(({ name }) => `VACUUM (ANALYZE) ${name}`),
            ...distributed.map(({ name }) => `ANALYZE ${name}`),
          ],
        },
      ],
    ];
  },
};

function divided({ layout, tables }: ShardingRequest) {
  return {
    workers: layout.groups.filter((group) => group.role === "worker"),
    distributed: tables.filter((table) => table.distributionColumn !== null),
    local: tables.filter((table) => table.distributionColumn === null),
  };
}

/** Names of the tables that the group with this index holds. */
function shardsOf(groupIndex: number, tables: readonly TableSpec[]): readonly string[] {
  return tables.flatMap((table) =>
    partitionsOf(groupIndex).map((partition) => partitionName(table, partition)),
  );
}

/** Which partitions, from 0, the group with this index holds. */
function partitionsOf(groupIndex: number): readonly number[] {
  return Array.from({ length: partitionsPerGroup }, (_, index) => groupIndex * partitionsPerGroup + index);
}

function workerStep(
  group: GroupSpec,
  partitions: readonly number[],
  tables: readonly TableSpec[],
): SetupStep {
  return {
    title: `Create shards on ${group.name}`,
    at: { group: group.name },
    statements: tables.flatMap((table) =>
      partitions.map((partition) => createTable(table, partitionName(table, partition))),
    ),
  };
}

function createPartitioned(table: TableSpec): string {
  return `CREATE TABLE IF NOT EXISTS ${table.name} (${columns(table).join(", ")}) PARTITION BY HASH (${table.distributionColumn ?? ""})`;
}

function createForeign(request: {
  readonly table: TableSpec;
  readonly partition: number;
  readonly count: number;
  readonly group: GroupSpec;
}): string {
  const { table, partition, count, group } = request;
  const name = partitionName(table, partition);
  return (
    `CREATE FOREIGN TABLE IF NOT EXISTS ${name} PARTITION OF ${table.name} ` +
    `FOR VALUES WITH (MODULUS ${count}, REMAINDER ${partition}) ` +
    `SERVER ${foreignServer(group)} OPTIONS (table_name '${name}')`
  );
}

function partitionName(table: TableSpec, partition: number): string {
  return `${table.name}_p${partition}`;
}
