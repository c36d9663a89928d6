import type { PoolerReading } from "../../model/resource.ts";
import type { ObservedPooler } from "../protocol/observer-spec.ts";
import { keepConnection } from "./kept-connection.ts";
import { lookRegularly } from "./observing.ts";
import { openSql, type OpenSql, type SqlLogin } from "./open-sql.ts";
import { onceUntilWell, READING_MS, type Reporting } from "../protocol/reporting.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** What one PgBouncer has counted since its start, of one database. */
interface Waited {
  readonly waitUs: number;
  /** How often a client was given a server. */
  readonly assignments: number;
}

/** Reads one PgBouncer's queue about once a second, on a connection of its own to the admin console. */
export async function readPooler(
  target: ObservedPooler,
  login: Omit<SqlLogin, "host" | "port">,
  reporting: Reporting,
  open: OpenSql = openSql,
): Promise<void> {
  const { host, port, name } = target;
  const telling = onceUntilWell(reporting.complain);
  let before: Waited | null = null;
  const connection = keepConnection(
    { ...login, host, port, database: "pgbouncer" },
    { name, open, onGone: () => (before = null) },
  );
  await lookRegularly(reporting.signal, async () => {
    try {
      const pools = await connection.ask("SHOW POOLS");
      const now = waited(await connection.ask("SHOW STATS"), login.database);
      const reading = poolerReading(target, pools, login.database, meanWaitMs(before, now));
      before = now;
      telling.well();
      reporting.report({ atUs: reporting.nowUs(), ...reading });
    } catch (error) {
      connection.drop();
      telling.wrong(`The queue of ${name} could not be read: ${String(error)}.`);
    }
    return READING_MS;
  });
  connection.drop();
}

/** Sums the pools of one database, of all users; numbers come as text. */
function poolerReading(
  { name, poolSize }: ObservedPooler,
  pools: Rows,
  database: string,
  waitMs: number,
): PoolerReading {
  const own = pools.filter((pool) => pool.database === database);
  const sum = (...columns: readonly string[]): number =>
    own.reduce(
      (total, pool) => total + columns.reduce((inPool, column) => inPool + Number(pool[column] ?? 0), 0),
      0,
    );
  const longest = own.map((pool) => Number(pool.maxwait ?? 0) * 1000 + Number(pool.maxwait_us ?? 0) / 1000);
  return {
    kind: "pooler",
    pgbouncer: name,
    clientsActive: sum("cl_active"),
    clientsWaiting: sum("cl_waiting"),
    serversActive: sum("sv_active"),
    serversIdle: sum("sv_idle", "sv_used", "sv_tested"),
    poolSize,
    longestWaitMs: Math.max(0, ...longest),
    meanWaitMs: waitMs,
  };
}

function waited(stats: Rows, database: string): Waited {
  const own = stats.find((row) => row.database === database) ?? {};
  // Older than 1.23 it does not count assignments; in transaction pooling there is one for each transaction.
  const assignments = own.total_server_assignment_count ?? own.total_xact_count;
  return { waitUs: Number(own.total_wait_time ?? 0), assignments: Number(assignments ?? 0) };
}

function meanWaitMs(before: Waited | null, now: Waited): number {
  if (before === null || now.assignments <= before.assignments) return 0;
  return Math.max(0, (now.waitUs - before.waitUs) / (now.assignments - before.assignments) / 1000);
}
