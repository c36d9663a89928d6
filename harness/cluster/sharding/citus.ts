import { COORDINATORS, patroniCluster, READ_FROM_STANDBYS, type ClusterLayout } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import type { IndexSpec, TableSpec } from "../../model/workload.ts";
import { noNeeds } from "../database-needs.ts";
import { versionOfExtension } from "../version-of-extension.ts";
import { makeMayHoldShards, mayHoldShards } from "./citus-moves.ts";
import { citusGaps } from "./citus-gaps.ts";
import { createTable, distributionColumn, distributionType } from "./create-table.ts";
import { indexingOnCoordinators, none } from "./none.ts";
import { patience } from "./patience.ts";
import type { ShardingDialectSetup } from "./sharding-dialect.ts";

/** A new connection to a worker is given up after this long; 30 s by default, for which a session would hang. */
const NODE_CONNECTION_MS = 5000;

/**
 * The extension Citus. Patroni (which has a `citus:` section in its configuration) makes the extension in every group,
 * and keeps pg_dist_node, which says where each group's primary is. Writes to several groups are committed in two
 * phases; what a crash leaves prepared is decided within citus.recover_2pc_interval, 60 s. It is not shortened: see finding
 * CITUS-2PC.
 */
export const citus: ShardingDialectSetup = {
  ...noNeeds,
  name: "citus",
  preloads: ["citus"],
  parameters: {
    // Not connect_timeout: Citus connects without blocking, where libpq does not heed it.
    "citus.node_conninfo": Object.entries({ sslmode: "prefer", ...patience })
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    "citus.node_connection_timeout": NODE_CONNECTION_MS,
    // Off by default; what a query costs more is a counter in the shared memory.
    "citus.enable_stat_counters": "on",
  },
  // Tries to connect end after 7 s, not after 127. A session that ends asks its worker to cancel by a call that heeds no
  // time-out of its own (PQcancel), and holds its locks on shards meanwhile: see finding CITUS-WAITS.
  sysctls: { "net.ipv4.tcp_syn_retries": "2" },
  extensions: ["citus"],
  versions: { citus: versionOfExtension("citus") },
  // Node 0 is every node. Patroni adds the superuser's password itself, and the group to pg_dist_node.
  bootstrap: ({ topology, group, credentials }) => [
    "CREATE EXTENSION citus;",
    `INSERT INTO pg_dist_authinfo VALUES (0, 'dpg_bench', 'password=${credentials.clientPassword}');`,
    makeMayHoldShards,
    "GRANT EXECUTE ON FUNCTION recover_prepared_transactions() TO dpg_bench;",
    ...(topology.workers.readFromStandbys && group.role === "coordinator"
      ? [`GRANT SET ON PARAMETER ${READ_FROM_STANDBYS} TO dpg_bench;`]
      : []),
  ],
  stages: ({ topology, layout, tables }) => [
    [
      {
        title: "Create tables on the coordinators, and their shards and copies on the workers",
        at: { group: COORDINATORS },
        statements: [
          requireWorkers(layout),
          ...keepSparesEmpty(topology, layout),
          ...tables.flatMap((table) => [createTable(table), ...spread(table, topology.workers.shards)]),
        ],
      },
    ],
  ],
  deciding: {
    statements: ["SELECT recover_prepared_transactions()"],
    // It only warns of a server that it cannot reach (RecoverWorkerTransactions, Citus 13.2), which counts as one here.
    undecidedOf: (by) => `
      SELECT coalesce(sum(CASE WHEN success THEN result::int ELSE 1 END), 0)::int AS undecided
      FROM run_command_on_all_nodes($command$
        SELECT count(*) FROM pg_prepared_xacts WHERE gid LIKE 'citus!_%' ESCAPE '!' AND prepared <= '${by}'
      $command$)`,
  },
  // What is done to a table, Citus does to its shards.
  removal: (request) => none.removal(request),
  indexing: ({ tables }) =>
    tables.flatMap((table) =>
      indexingOnCoordinators(
        table,
        table.distribution === "local" ? undefined : (index) => bytesOnShards(table, index),
      ),
    ),
  settling: (request) => none.settling(request),
  // Citus would have ALTER DATABASE done on the workers too, by sessions that know no extension's settings.
  stayHere: ["SET citus.enable_ddl_propagation = off"],
  placement: {
    shards: ({ name }) => `
      select shardid::text as shard, groupid::text as holder
      from pg_dist_shard join pg_dist_placement using (shardid)
      where logicalrelid = '${name}'::regclass`,
    keys: (table, keys) => `
      select key, shardid::text as shard, groupid::text as holder
      from unnest(array[${keys.join(", ")}]::bigint[]) as key
      join pg_dist_placement
        on shardid = get_shard_id_for_distribution_column('${table.name}', key::${distributionType(table)})`,
    relation: ({ name }, shard) => `${name}_${shard}`,
    groupOf: (holder, layout) =>
      layout.groups.find(
        ({ name }) => String(patroniCluster({ sharding: "citus" }, name).citusGroup) === holder,
      )?.name,
  },
  gaps: citusGaps,
};

/** Of an index on all shards, whose names are the table's and the index's with the shard's number. */
function bytesOnShards({ name: table }: TableSpec, { name: index }: IndexSpec): string {
  return `(SELECT coalesce(sum(result::bigint), 0) FROM run_command_on_shards('${table}', $command$
    SELECT coalesce(sum(pg_relation_size(indexrelid)), 0) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = '%s'::regclass AND relname ~ '^${index}_[0-9]+$'
  $command$) WHERE success)`;
}

/** Fails, to be tried again, until Patroni has told the coordinators of every worker group. */
function requireWorkers(layout: ClusterLayout): string {
  const count = layout.groups.filter(({ role }) => role === "worker").length;
  return (
    "DO $$ DECLARE known int; BEGIN " +
    "SELECT count(*) INTO known FROM pg_dist_node " +
    "WHERE groupid > 0 AND noderole = 'primary' AND isactive AND metadatasynced; " +
    `IF known < ${count} THEN RAISE EXCEPTION ` +
    `'expected ${count} worker groups in pg_dist_node, found %', known USING ERRCODE = 'object_not_in_prerequisite_state'; ` +
    "END IF; END $$"
  );
}

/** Patroni adds every group, with shards to hold. Once there is a distributed table, it is for others to say who holds them. */
function keepSparesEmpty(topology: Topology, layout: ClusterLayout): readonly string[] {
  return layout.groups.flatMap(({ name, spare }) => {
    const { citusGroup } = patroniCluster(topology, name);
    return spare === true && citusGroup !== null
      ? [`${mayHoldShards(citusGroup, false)} WHERE NOT EXISTS (SELECT FROM pg_dist_partition)`]
      : [];
  });
}

/** Once for each table; Citus would refuse a second time. Equal numbers of shards of any tables live together. */
function spread(table: TableSpec, shards: number): readonly string[] {
  const column = distributionColumn(table);
  const calls =
    column !== null
      ? [`create_distributed_table('${table.name}', '${column}', shard_count := ${shards})`]
      : table.distribution === "reference"
        ? [`create_reference_table('${table.name}')`]
        : [];
  return calls.map(
    (call) =>
      `SELECT ${call} WHERE NOT EXISTS ` +
      `(SELECT FROM pg_dist_partition WHERE logicalrelid = '${table.name}'::regclass)`,
  );
}
