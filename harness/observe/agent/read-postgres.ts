import type { PostgresReading } from "../../model/resource.ts";
import type { ObservedMember } from "../protocol/observer-spec.ts";
import { keepConnection } from "./kept-connection.ts";
import { lookRegularly } from "./observing.ts";
import { openSql, type OpenSql, type SqlLogin } from "./open-sql.ts";
import { onceUntilWell, READING_MS, type Reporting } from "../protocol/reporting.ts";

/** A member that cannot be read is asked again after this long. */
const AGAIN_MS = 1000;

type Rows = readonly Readonly<Record<string, unknown>>[];

/** What the role's backends are doing now. The joins of pg_stat_activity fall away, as none of their columns is named. */
const waitsOf = (
  role: string,
): string => `select coalesce(wait_event_type || ':' || wait_event, 'CPU') as wait,
  count(*)::int as backends
  from pg_stat_activity
  where state = 'active' and backend_type = 'client backend' and usesysid = '${role}'::regrole
  group by 1`;

/** Counters since the server's start; a standby writes the WAL that it receives, and has restartpoints. */
const COUNTERS = `select r.in_recovery,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections,
  current_setting('max_connections')::int as max_connections,
  pg_wal_lsn_diff(case when r.in_recovery then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
    '0/0')::float8 as wal_bytes,
  (select case when r.in_recovery then restartpoints_timed + restartpoints_req else num_timed + num_requested end
    from pg_stat_checkpointer)::float8 as checkpoints
  from (select pg_is_in_recovery() as in_recovery) as r`;

interface Counters {
  readonly atMs: number;
  readonly primary: boolean;
  readonly walBytes: number;
  readonly checkpoints: number;
}

/** Looks since the reading before, and how many backends were seen with each wait in all of them together. */
interface Looks {
  count: number;
  readonly seen: Map<string, number>;
}

/**
 * Reads one member about once a second, on a connection of its own: what the role's backends were doing, as the mean
 * of several looks in between, and its counters' growth. The first reading comes after the first second.
 */
export async function readPostgres(
  member: ObservedMember,
  login: Omit<SqlLogin, "host" | "port"> & { readonly role: string },
  reporting: Reporting,
  open: OpenSql = openSql,
): Promise<void> {
  const { host, port, member: name, lookEveryMs } = member;
  const { user, password, database } = login;
  const waits = waitsOf(login.role);
  const telling = onceUntilWell(reporting.complain);
  let before: Counters | null = null;
  let looks: Looks = { count: 0, seen: new Map() };
  const connection = keepConnection(
    { host, port, user, password, database },
    {
      name,
      open,
      onGone: () => {
        before = null;
        looks = { count: 0, seen: new Map() };
      },
    },
  );
  await lookRegularly(reporting.signal, async () => {
    try {
      add(looks, await connection.ask(waits));
      if (before !== null && performance.now() - before.atMs < READING_MS - lookEveryMs / 2)
        return lookEveryMs;
      const [row = {}] = await connection.ask(COUNTERS);
      const now = countersIn(row);
      if (before !== null) {
        reporting.report({ atUs: reporting.nowUs(), ...postgresReading(name, row, looks, before, now) });
      }
      before = now;
      looks = { count: 0, seen: new Map() };
      telling.well();
      return lookEveryMs;
    } catch (error) {
      connection.drop();
      telling.wrong(`What the statements of ${name} wait for could not be read: ${String(error)}.`);
      return AGAIN_MS;
    }
  });
  connection.drop();
}

function add(looks: Looks, rows: Rows): void {
  looks.count += 1;
  for (const { wait, backends } of rows) {
    looks.seen.set(String(wait), (looks.seen.get(String(wait)) ?? 0) + Number(backends));
  }
}

function countersIn(row: Rows[number]): Counters {
  return {
    atMs: performance.now(),
    primary: row.in_recovery === false,
    walBytes: Number(row.wal_bytes ?? 0),
    checkpoints: Number(row.checkpoints ?? 0),
  };
}

/** A primary and a standby count differently: after a change of roles there is no growth. */
function postgresReading(
  member: string,
  row: Rows[number],
  looks: Looks,
  before: Counters,
  now: Counters,
): PostgresReading {
  const comparable = before.primary === now.primary;
  const grown = (of: (counters: Counters) => number): number =>
    comparable ? Math.max(0, of(now) - of(before)) : 0;
  const perSecond = 1000 / Math.max(1, now.atMs - before.atMs);
  return {
    kind: "postgres",
    member,
    primary: now.primary,
    connections: Number(row.connections),
    maxConnections: Number(row.max_connections),
    activeByWait: Object.fromEntries(
      [...looks.seen].map(([wait, count]) => [wait, Math.round((count / looks.count) * 100) / 100]),
    ),
    walBytesPerSecond: Math.round(grown((counters) => counters.walBytes) * perSecond),
    checkpoints: grown((counters) => counters.checkpoints),
  };
}
