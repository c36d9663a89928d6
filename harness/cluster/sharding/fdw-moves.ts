import type { Credentials } from "../../model/credentials.ts";
import type { GroupSpec } from "../../model/layout.ts";
import { whyShardsStay } from "../../model/shards.ts";
import type { Topology } from "../../model/topology.ts";
import type { TableSpec } from "../../model/workload.ts";
import { columns, createIndexes, createTable } from "./create-table.ts";
import { createServer, foreignServer } from "./foreign-servers.ts";
import { patience } from "./patience.ts";
import { foreignCopy, keepCopies } from "./reference-copies.ts";
import { attachedAs, foreignOptions, shardName } from "./shard-names.ts";

/** Whether clusters of this topology are made so that shards can be moved in them. */
export function movesShards(topology: Topology): boolean {
  return whyShardsStay(topology) === null;
}

/** What each worker group's clients' role needs to give its shards away by logical replication, and to take some. */
export const replicationRights = [
  "ALTER ROLE dpg_bench REPLICATION;",
  "GRANT pg_create_subscription TO dpg_bench;",
];

/**
 * Shards of any tables that have the same remainder live together, and are moved together: the partitions of one remainder
 * are published on the worker that has them and subscribed to on the one that is to have them, which copies them and then
 * follows what is written meanwhile. The coordinators then lock the partitions for as long as the last writes need to
 * arrive, and put foreign tables of the new worker in the place of the old ones, in one transaction.
 */
export interface FdwMove {
  readonly remainder: number;
  /** Distributed tables that there are. */
  readonly tables: readonly TableSpec[];
  readonly from: GroupSpec;
  readonly to: GroupSpec;
  readonly topology: Topology;
}

/** Publications, subscriptions and slots of moves are called so, and nothing else is. */
const STEM = "dpg_move_";
/** A row in the coordinators' lock table: whoever puts other partitions in has it, so that others can wait for the end. */
const SWITCH_LOCK = 4_716_021;
/** Less than deadlock_timeout (1 s): whoever waits longer has met a long statement, and lets all others pass. */
const LOCK_MS = 500;
/** Writes that are on their way when the partitions are locked are a moment's. */
const LAST_WRITES_MS = 500;

/** Of the worker's whole WAL. */
const NEAR_BYTES = 65_536;

export function moveName({ remainder }: Pick<FdwMove, "remainder">): string {
  return `${STEM}${remainder}`;
}

/** On the worker that is to have them. What a try before has left there is of no use: nobody has ever read it. */
export function makeEmptyShards({ tables, remainder }: FdwMove): readonly string[] {
  return tables.flatMap((table) => {
    const name = shardName(table, remainder);
    return [`DROP TABLE IF EXISTS ${name}`, createTable(table, name)];
  });
}

/** On the worker that has them. Rows of a table without a key are told apart by all that is in them. */
export function publish(move: FdwMove): readonly string[] {
  const shards = move.tables.map((table) => ({ table, name: shardName(table, move.remainder) }));
  return [
    POSITION_VIEW,
    ...shards
      .filter(({ table }) => table.primaryKey.length === 0)
      .map(({ name }) => `ALTER TABLE ${name} REPLICA IDENTITY FULL`),
    `DROP PUBLICATION IF EXISTS ${moveName(move)}`,
    `CREATE PUBLICATION ${moveName(move)} FOR TABLE ${shards.map(({ name }) => name).join(", ")}`,
  ];
}

/** How far a worker has written, and how far each slot of moves has confirmed: coordinators read it as a foreign table. */
const POSITION_VIEW =
  "CREATE OR REPLACE VIEW dpg_move_position AS " +
  "SELECT slot_name::text, confirmed_flush_lsn AS confirmed, pg_current_wal_insert_lsn() AS written FROM pg_replication_slots";

/** On the worker that is to have them. What it confirms is on its disk, so that a crash after the switch loses nothing. */
export function subscribe(move: FdwMove, { clientPassword }: Pick<Credentials, "clientPassword">): string {
  const { from, topology } = move;
  const source = {
    host: from.members.join(","),
    port: from.members.map(() => topology.postgres.port).join(","),
    dbname: topology.postgres.database,
    user: "dpg_bench",
    target_session_attrs: "read-write",
    ...patience,
    password: clientPassword,
  };
  const connection = Object.entries(source)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return (
    `CREATE SUBSCRIPTION ${moveName(move)} CONNECTION '${connection}' PUBLICATION ${moveName(move)} ` +
    "WITH (synchronous_commit = 'on')"
  );
}

/** On the same: `copied` and `tables`. */
export function askCopied(move: FdwMove): string {
  return `
    SELECT count(*) FILTER (WHERE srsubstate = 'r')::int AS copied, ${move.tables.length} AS tables
    FROM pg_subscription_rel JOIN pg_subscription ON pg_subscription.oid = srsubid
    WHERE subname = '${moveName(move)}'`;
}

/** On the worker that has them: whether the other is so `near` behind that what is missing is a moment's. */
export function askNear(move: FdwMove): string {
  return (
    `SELECT coalesce(bool_or(pg_current_wal_insert_lsn() - confirmed_flush_lsn < ${NEAR_BYTES}), false) AS near ` +
    `FROM pg_replication_slots WHERE slot_name = '${moveName(move)}'`
  );
}

/** On the worker that is to have them: what the old ones have beside their rows. */
export function settleShards({ tables, remainder }: FdwMove): readonly string[] {
  return tables.flatMap((table) => {
    const name = shardName(table, remainder);
    return [...createIndexes(table, name), `VACUUM (ANALYZE) ${name}`];
  });
}

/** On the same: `bytes` of the shards, with their indexes. */
export function askBytes({ tables, remainder }: FdwMove): string {
  const sizes = tables.map((table) => `pg_total_relation_size('${shardName(table, remainder)}')`);
  return `SELECT (${sizes.join(" + ")})::bigint AS bytes`;
}

/** On the coordinators: foreign tables that are to become partitions, with statistics of their own. */
export function makeSuccessors(move: FdwMove): readonly string[] {
  const { from, to, tables, remainder } = move;
  return [
    `DROP FOREIGN TABLE IF EXISTS ${positionsOf(from)}`,
    `CREATE FOREIGN TABLE ${positionsOf(from)} (slot_name text, confirmed pg_lsn, written pg_lsn) ` +
      `SERVER ${foreignServer(from)} OPTIONS (table_name 'dpg_move_position')`,
    ...tables.flatMap((table) => {
      const name = shardName(table, remainder);
      return [
        `DROP FOREIGN TABLE IF EXISTS ${successor(name)}`,
        `CREATE FOREIGN TABLE ${successor(name)} (${columns(table).join(", ")}) ` +
          `SERVER ${foreignServer(to)} ${foreignOptions(table, name)}`,
        `ANALYZE ${successor(name)}`,
      ];
    }),
  ];
}

/**
 * On the coordinators' primary, one transaction. While the old partitions are locked nobody has an open transaction on them
 * (a transaction commits on the worker before it ends here), so that what the worker has written by then is all there is.
 */
export function switchOver(move: FdwMove): readonly string[] {
  const shards = move.tables.map((table) => ({ table, name: shardName(table, move.remainder) }));
  const parents = move.tables.map(({ name }) => name).join(", ");
  return [
    `DO $$
    DECLARE
      locked_at timestamptz;
      last_write pg_lsn;
    BEGIN
      PERFORM pg_advisory_xact_lock(${SWITCH_LOCK});
      PERFORM set_config('lock_timeout', '${LOCK_MS}', true);
      locked_at := clock_timestamp();
      LOCK TABLE ${parents} IN ACCESS EXCLUSIVE MODE;
      SELECT max(written) INTO last_write FROM ${positionsOf(move.from)};
      WHILE NOT coalesce((SELECT confirmed >= last_write FROM ${positionsOf(move.from)} WHERE slot_name = '${moveName(move)}'), false) LOOP
        IF clock_timestamp() > locked_at + interval '${LAST_WRITES_MS} ms' THEN
          RAISE EXCEPTION 'the last writes did not arrive within ${LAST_WRITES_MS} ms' USING ERRCODE = 'lock_not_available';
        END IF;
        PERFORM pg_sleep(0.002);
      END LOOP;
      ${shards
        .map(({ table, name }) => inPlaceOf(table, name, attachedAs(move.topology, move.remainder)))
        .join("\n      ")}
      PERFORM set_config('dpg_move.locked_at', locked_at::text, false);
    END $$`,
    // The commit, with its wait for a standby, is over by now: only then the locks are gone.
    "SELECT (1000 * extract(epoch FROM clock_timestamp() - current_setting('dpg_move.locked_at')::timestamptz))::float8 AS locked_ms, pg_current_wal_lsn()::text AS lsn",
  ];
}

function inPlaceOf({ name: parent }: TableSpec, name: string, bounds: string): string {
  return `ALTER TABLE ${parent} DETACH PARTITION ${name};
      DROP FOREIGN TABLE ${name};
      ALTER FOREIGN TABLE ${successor(name)} RENAME TO ${name};
      ALTER TABLE ${parent} ATTACH PARTITION ${name} ${bounds};`;
}

/** On the coordinators' primary: whether each of their standbys knows of the switch, `known`. */
export function askKnown(lsn: string): string {
  return `SELECT coalesce(bool_and(replay_lsn >= '${lsn}'), true) AS known FROM pg_stat_replication`;
}

/** On the worker that has them now: up to where its standbys must have its WAL so as to have them too, `lsn`. */
export const askWritten = "SELECT pg_current_wal_lsn()::text AS lsn";

/**
 * On the same: whether one of its standbys has the WAL up to there on its disk, `held`; a group without standbys has nobody
 * to wait for. Neither `pg_basebackup` nor a subscriber is one.
 */
export function askHeld(lsn: string, standbys: number): string {
  return standbys === 0
    ? "SELECT true AS held"
    : `SELECT coalesce(bool_or(flush_lsn >= '${lsn}'), false) AS held FROM pg_stat_replication WHERE state = 'streaming' AND application_name NOT LIKE '${STEM}%'`;
}

/** On the coordinators: returns when no switch is under way. */
export const awaitSwitch = `SELECT pg_advisory_xact_lock(${SWITCH_LOCK})`;

/** On the coordinators: what moves that were broken off have left there. */
export function dropSuccessors(
  tables: readonly TableSpec[],
  { workers }: Topology,
  groups: readonly GroupSpec[],
): readonly string[] {
  const remainders = Array.from({ length: workers.shards }, (_, remainder) => remainder);
  return [
    ...tables.flatMap((table) =>
      remainders.map((remainder) => `DROP FOREIGN TABLE IF EXISTS ${successor(shardName(table, remainder))}`),
    ),
    ...groups.map((group) => `DROP FOREIGN TABLE IF EXISTS ${positionsOf(group)}`),
  ];
}

/** On a worker: the `name` of every subscription of moves. */
export const askSubscriptions = `SELECT subname AS name FROM pg_subscription WHERE subname LIKE '${STEM}%'`;

/** On the same. The other side need not be there for it; its slot is dropped apart. */
export function unsubscribe(name: string): readonly string[] {
  return [
    `ALTER SUBSCRIPTION ${name} DISABLE`,
    `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`,
    `DROP SUBSCRIPTION IF EXISTS ${name}`,
  ];
}

/** On a worker that nobody subscribes to: slots of moves, and those that copied tables for them. Fails while one is in use. */
export const dropSlots =
  "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots " +
  `WHERE slot_type = 'logical' AND (slot_name LIKE '${STEM}%' OR slot_name LIKE 'pg\\_%\\_sync\\_%')`;

/** On the same: every publication of moves. */
export const dropPublications = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT pubname FROM pg_publication WHERE pubname LIKE '${STEM}%' LOOP
      EXECUTE format('DROP PUBLICATION %I', name);
    END LOOP;
  END $$`;

/** On a worker that is to come into use. */
export function makeReferenceTables(reference: readonly TableSpec[]): readonly string[] {
  return reference.flatMap((table) => [createTable(table), ...createIndexes(table)]);
}

/** On the coordinators, one transaction: a worker group comes into use, with a copy of each reference table. */
export function takeIntoUse(
  group: GroupSpec,
  reference: readonly TableSpec[],
  {
    inUse,
    topology,
    credentials,
  }: {
    /** With the new one. */
    readonly inUse: readonly GroupSpec[];
    readonly topology: Topology;
    readonly credentials: Pick<Credentials, "clientPassword">;
  },
): readonly string[] {
  return [
    "BEGIN",
    ...createServer(group, topology, credentials),
    ...reference.flatMap((table) => [
      `LOCK TABLE ${table.name} IN SHARE ROW EXCLUSIVE MODE`,
      ...keepCopies(table, inUse),
      `DELETE FROM ${foreignCopy(table.name, group)}`,
      `INSERT INTO ${foreignCopy(table.name, group)} SELECT * FROM ${table.name}`,
    ]),
    "COMMIT",
  ];
}

/** On the coordinators, one transaction: a worker group that holds no shards any more goes out of use. */
export function takeOutOfUse(
  group: GroupSpec,
  reference: readonly TableSpec[],
  inUse: readonly GroupSpec[],
): readonly string[] {
  return [
    "BEGIN",
    ...reference.flatMap((table) => [
      ...keepCopies(table, inUse),
      `DROP FOREIGN TABLE IF EXISTS ${foreignCopy(table.name, group)}`,
    ]),
    `DROP FOREIGN TABLE IF EXISTS ${positionsOf(group)}`,
    `DROP USER MAPPING IF EXISTS FOR dpg_bench SERVER ${foreignServer(group)}`,
    `DROP SERVER IF EXISTS ${foreignServer(group)}`,
    "COMMIT",
  ];
}

/** On the coordinators: the `parent`, `shard` and `holder` of every hash partition. */
export const askShards = `
  SELECT parent.relname AS parent, shard.relname AS shard, srvname AS holder
  FROM pg_inherits
    JOIN pg_class AS parent ON parent.oid = inhparent
    JOIN pg_class AS shard ON shard.oid = inhrelid
    JOIN pg_foreign_table ON ftrelid = inhrelid
    JOIN pg_foreign_server AS holder ON holder.oid = ftserver`;

/** On the coordinators: the `name` of each table that is no partition. */
export const askTables =
  "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition " +
  "AND relnamespace = 'public'::regnamespace";

/** On a worker: tables that are no shards of it, by names of shards. */
export function dropShards(names: readonly string[]): readonly string[] {
  return names.map((name) => `DROP TABLE IF EXISTS ${name}`);
}

/** On the coordinators: the `holder` of each worker group that is in use. */
export const askInUse = "SELECT srvname AS holder FROM pg_foreign_server";

function successor(shard: string): string {
  return `${shard}_successor`;
}

function positionsOf(group: GroupSpec): string {
  return `dpg_move_position_at_${foreignServer(group)}`;
}
