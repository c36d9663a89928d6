import type { CitusReading } from "../../model/resource.ts";
import type { ObservedCitus } from "../protocol/observer-spec.ts";
import { onceUntilWell, READING_MS, type Reporting } from "../protocol/reporting.ts";
import { keepConnection } from "./kept-connection.ts";
import { lookRegularly } from "./observing.ts";
import { openSql, type OpenSql, type SqlLogin } from "./open-sql.ts";

/** A statement's text is kept up to so many characters. */
const TEXT = 200;

/** A query that names a view is not parsed where there is none: citus_stat_counters came with Citus 13.1. */
const VIEWS = `select to_regclass('pg_catalog.citus_lock_waits') is not null as has_waits,
  to_regclass('pg_catalog.citus_stat_counters') is not null
    and coalesce(current_setting('citus.enable_stat_counters', true), 'off') = 'on' as has_counters`;
/** A standby keeps its connections when it is promoted. */
const ROLE = "select pg_is_in_recovery() as in_recovery";
const WAITS = `select count(distinct waiting_gpid)::int as waiting,
  (array_agg(left(blocked_statement, ${TEXT})))[1] as blocked,
  (array_agg(left(current_statement_in_blocking_process, ${TEXT})))[1] as blocking
  from citus_lock_waits`;
/** Of this database on this node, since it was started. */
const COUNTERS = `select query_execution_single_shard::float8 as single_shard,
  query_execution_multi_shard::float8 as multi_shard, connection_establishment_succeeded::float8 as made,
  connection_establishment_failed::float8 as failed, connection_reused::float8 as reused
  from citus_stat_counters where name = current_database()`;

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads one coordinator of a Citus cluster about once a second, on a connection of its own: who waits for whom over all
 * nodes (on the primary only: a standby cannot ask), and by how much its counters grew. The first reading comes after the
 * first second.
 */
export async function readCitus(
  { host, port, member }: ObservedCitus,
  login: Omit<SqlLogin, "host" | "port">,
  reporting: Reporting,
  open: OpenSql = openSql,
): Promise<void> {
  const telling = onceUntilWell(reporting.complain);
  let views: Row = {};
  let before: { readonly atMs: number; readonly counters: Row | null } | null = null;
  const connection = keepConnection(
    { ...login, host, port },
    {
      name: member,
      open,
      onGone: () => {
        views = {};
        before = null;
      },
    },
  );
  const ask = async (sql: string): Promise<Row> => (await connection.ask(sql))[0] ?? {};
  await lookRegularly(reporting.signal, async () => {
    try {
      // Citus may be made in the database after it was first asked.
      if (views.has_waits !== true) views = await ask(VIEWS);
      const isPrimary = (await ask(ROLE)).in_recovery === false;
      const waits = views.has_waits === true && isPrimary ? await ask(WAITS) : null;
      const now = {
        atMs: performance.now(),
        counters: views.has_counters === true ? await ask(COUNTERS) : null,
      };
      if (before !== null)
        reporting.report({
          atUs: reporting.nowUs(),
          kind: "citus",
          member,
          ...lockWaits(waits),
          ...perSecond(before.counters, now.counters, (now.atMs - before.atMs) / 1000),
        });
      before = now;
      telling.well();
    } catch (error) {
      connection.drop();
      telling.wrong(`Lock waits and counters of Citus on ${member} could not be read: ${String(error)}.`);
    }
    return READING_MS;
  });
  connection.drop();
}

function lockWaits(row: Row | null): Pick<CitusReading, "lockWaits" | "blocked" | "blocking"> {
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  return {
    lockWaits: row === null ? null : Number(row.waiting ?? 0),
    blocked: text(row?.blocked),
    blocking: text(row?.blocking),
  };
}

/** A server that was started again counts from 0: then there is no growth. */
function perSecond(before: Row | null, now: Row | null, seconds: number): Pick<CitusReading, "perSecond"> {
  if (before === null || now === null) return { perSecond: null };
  const grown = (name: string): number =>
    Math.round(
      (10 * Math.max(0, Number(now[name] ?? 0) - Number(before[name] ?? 0))) / Math.max(seconds, 0.001),
    ) / 10;
  return {
    perSecond: {
      singleShardQueries: grown("single_shard"),
      multiShardQueries: grown("multi_shard"),
      connectionsMade: grown("made"),
      connectionsFailed: grown("failed"),
      connectionsReused: grown("reused"),
    },
  };
}
