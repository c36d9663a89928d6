import { COORDINATORS, type GroupSpec, workersInUse } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import type { TableSpec } from "../../model/workload.ts";
import { noNeeds } from "../database-needs.ts";
import { columns, createIndex, createTable, distributionColumn, distributionType } from "./create-table.ts";
import { movesShards, replicationRights } from "./fdw-moves.ts";
import { foreignServer, foreignServers } from "./foreign-servers.ts";
import { indexingOnCoordinators, none } from "./none.ts";
import { foreignCopy, keepCopies } from "./reference-copies.ts";
import { attachedAs, foreignOptions, shardName } from "./shard-names.ts";
import type { ShardingDialectSetup, ShardingRequest } from "./sharding-dialect.ts";

/**
 * A distributed table is hash-partitioned on the coordinators; each partition is a foreign table that stands for a
 * table of a worker group. The primary key is the workers' matter: PostgreSQL knows no key over foreign partitions.
 * A reference table is an ordinary one on the coordinators, and triggers write what it holds to a copy in each worker
 * group. There is no two-phase commit: what writes to two groups can be half done after a crash.
 */
export const fdw: ShardingDialectSetup = {
  ...noNeeds,
  name: "fdw",
  // postgres_fdw pushes no LIMIT down through an Append, nor through a MergeAppend (PostgreSQL 17).
  readsByCursor: true,
  bootstrap: (request) => {
    if (request.group.role === "coordinator") return foreignServers(request);
    return movesShards(request.topology) ? replicationRights : [];
  },
  stages: (request) => {
    const { workers, distributed, reference, whole } = divided(request);
    if (distributed.length + reference.length === 0) return none.stages(request);
    const placed = placedShards(request);
    return [
      workers.map((group) => ({
        title: `Create shards and reference tables on ${group.name}`,
        at: { group: group.name },
        statements: [
          ...reference.map((table) => createTable(table)),
          ...shardsOn(group, placed).map(({ table, name }) => createTable(table, name)),
        ],
      })),
      [
        {
          title: "Create tables on the coordinators, with foreign partitions on the workers",
          at: { group: COORDINATORS },
          statements: [
            ...whole.map((table) => createTable(table)),
            ...reference.flatMap((table) => keepCopies(table, workers)),
            ...distributed.map(createPartitioned),
            ...placed.map((shard) => createForeign(shard, request.topology)),
          ],
        },
      ],
    ];
  },
  // The coordinators' first: that ends whatever still uses the workers' tables through them.
  removal: (request) => {
    const { topology, layout } = request;
    // What can be moved may be on any of them.
    const workers = movesShards(topology)
      ? layout.groups.filter(({ role }) => role === "worker")
      : workersInUse(layout.groups);
    const placed = placedShards({ ...request, tables: request.tables.map(asIfDistributed) });
    const on = (group: GroupSpec) => (movesShards(topology) ? placed : shardsOn(group, placed));
    return [
      [
        {
          title: "Drop tables on the coordinators",
          at: { group: COORDINATORS },
          statements: request.tables.flatMap(({ name }) => [
            ...workers.map((group) => `DROP FOREIGN TABLE IF EXISTS ${foreignCopy(name, group)}`),
            `DROP TABLE IF EXISTS ${name}`,
          ]),
        },
      ],
      workers.map((group) => ({
        title: `Drop shards and reference tables on ${group.name}`,
        at: { group: group.name },
        statements: [...on(group), ...request.tables].map(({ name }) => `DROP TABLE IF EXISTS ${name}`),
      })),
    ];
  },
  indexing: (request) => {
    const { workers, distributed, reference, whole } = divided(request);
    const placed = placedShards(request);
    return [
      ...[...distributed, ...reference].flatMap((table) =>
        (table.indexes ?? []).map((index) =>
          workers.flatMap((group) => {
            const here = shardsOn(group, placed).filter((shard) => shard.table === table);
            const names = table.distribution === "reference" ? [table.name] : here.map(({ name }) => name);
            if (names.length === 0) return [];
            return {
              title: `Make the index ${index.name} on ${group.name}`,
              at: { group: group.name },
              statements: createIndex(table, index, { names }),
              table: table.name,
              index: index.name,
            };
          }),
        ),
      ),
      ...whole.flatMap((table) => indexingOnCoordinators(table)),
    ];
  },
  // Statistics of foreign tables come last, from rows that the workers are asked for.
  settling: (request) => {
    const { workers, distributed, reference, whole } = divided(request);
    if (distributed.length + reference.length === 0) return none.settling(request);
    const placed = placedShards(request);
    return [
      workers.map((group) => {
        const here = shardsOn(group, placed);
        return {
          title: `Vacuum and analyze shards on ${group.name}`,
          at: { group: group.name },
          statements: [...here, ...reference].map(({ name }) => `VACUUM (ANALYZE) ${name}`),
        };
      }),
      [
        {
          title: "Vacuum and analyze tables on the coordinators",
          at: { group: COORDINATORS },
          statements: [
            ...whole.map(({ name }) => `VACUUM (ANALYZE) ${name}`),
            ...distributed.map(({ name }) => `ANALYZE ${name}`),
          ],
        },
      ],
    ];
  },
  placement: {
    shards: (table) => `select shard.relname as shard, holder.srvname as holder ${partitionsOf(table.name)}`,
    keys: (table, keys) => `
      select key, shard.relname as shard, holder.srvname as holder
      ${partitionsOf(table.name)}
      cross join regexp_match(pg_get_expr(shard.relpartbound, shard.oid), 'modulus (\\d+), remainder (\\d+)') as bound
      join unnest(array[${keys.join(", ")}]::bigint[]) as key
        on satisfies_hash_partition('${table.name}'::regclass, bound[1]::int, bound[2]::int, key::${distributionType(table)})`,
    relation: (_table, shard) => shard,
    groupOf: (holder, layout) => layout.groups.find((group) => foreignServer(group) === holder)?.name,
  },
};

/** The foreign partitions of a table, as `shard`, each with its server, as `holder`. */
function partitionsOf(table: string): string {
  return `from pg_inherits
      join pg_class as shard on shard.oid = inhrelid
      join pg_foreign_table on ftrelid = inhrelid
      join pg_foreign_server as holder on holder.oid = ftserver and inhparent = '${table}'::regclass`;
}

/** One hash partition of a table, and the group that holds it. */
interface PlacedShard {
  readonly table: TableSpec;
  readonly name: string;
  readonly remainder: number;
  readonly group: GroupSpec;
}

function divided({ layout, tables }: ShardingRequest) {
  return {
    workers: workersInUse(layout.groups),
    distributed: tables.filter((table) => distributionColumn(table) !== null),
    reference: tables.filter(({ distribution }) => distribution === "reference"),
    /** Rows of these are on the coordinators, whether or not there are copies elsewhere. */
    whole: tables.filter((table) => distributionColumn(table) === null),
  };
}

/** As many partitions as the topology says, dealt out to the groups in turn: equal numbers of any tables live together. */
function placedShards(request: ShardingRequest): readonly PlacedShard[] {
  const { workers, distributed } = divided(request);
  const { shards } = request.topology.workers;
  return distributed.flatMap((table) =>
    Array.from({ length: shards }, (_, remainder) => {
      const group = workers[remainder % workers.length];
      return group === undefined ? [] : [{ table, name: shardName(table, remainder), remainder, group }];
    }).flat(),
  );
}

function shardsOn(group: GroupSpec, placed: readonly PlacedShard[]): readonly PlacedShard[] {
  return placed.filter((shard) => shard.group === group);
}

function asIfDistributed(table: TableSpec): TableSpec {
  return { ...table, distribution: { column: "" } };
}

function createPartitioned(table: TableSpec): string {
  return `CREATE TABLE IF NOT EXISTS ${table.name} (${columns(table).join(", ")}) PARTITION BY HASH (${distributionColumn(table) ?? ""})`;
}

function createForeign({ table, name, remainder, group }: PlacedShard, topology: Topology): string {
  return (
    `CREATE FOREIGN TABLE IF NOT EXISTS ${name} PARTITION OF ${table.name} ${attachedAs(topology, remainder)} ` +
    `SERVER ${foreignServer(group)} ${foreignOptions(table, name)}`
  );
}
