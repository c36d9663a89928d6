import type { Endpoint } from "../../model/layout.ts";
import { lookRegularly, RETRY_MS, within, type Observing } from "./observing.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";

const ANSWER_MS = 500;
const DIAL_MS = 1000;
/** The length of a queue changes all the time: it is told again at most this often while it is not empty. */
const QUEUE_EVERY_US = 1_000_000;

interface PoolState {
  readonly reachable: boolean;
  readonly serverConnected: boolean;
  readonly clientsWaiting: number;
}

/** Watches one PgBouncer on its admin console: does it hold a server connection, and do clients wait for one? */
export async function observePgbouncer(
  target: Endpoint & { readonly name: string; readonly everyMs: number },
  login: Omit<SqlLogin, "host" | "port">,
  observing: Observing,
  open: OpenSql = openSql,
): Promise<void> {
  let connection: SqlConnection | null = null;
  let told: (PoolState & { readonly atUs: number }) | null = null;
  const tell = (state: PoolState): void => {
    const atUs = observing.nowUs();
    if (told !== null && !isNews(told, state, atUs)) return;
    told = { ...state, atUs };
    observing.emit({ kind: "pool-state", atUs, pgbouncer: target.name, ...state });
  };
  await lookRegularly(observing.signal, async () => {
    try {
      const { host, port, name } = target;
      const forget = (): void => {
        connection = null;
      };
      connection ??= await open({ ...login, host, port, database: "pgbouncer" }, DIAL_MS, forget);
      tell(poolState(await within(ANSWER_MS, name, connection.query("SHOW POOLS")), login.database));
      return target.everyMs;
    } catch {
      connection?.drop();
      connection = null;
      tell({ reachable: false, serverConnected: false, clientsWaiting: 0 });
      return RETRY_MS;
    }
  });
  (connection as SqlConnection | null)?.drop();
}

/** Sums the pools of one database. Numbers come as text or as numbers, depending on PgBouncer's column type. */
function poolState(pools: readonly Readonly<Record<string, unknown>>[], database: string): PoolState {
  const own = pools.filter((pool) => pool.database === database);
  const sum = (column: string): number => own.reduce((total, pool) => total + Number(pool[column] ?? 0), 0);
  const servers = sum("sv_active") + sum("sv_idle") + sum("sv_used") + sum("sv_tested");
  return { reachable: true, serverConnected: servers > 0, clientsWaiting: sum("cl_waiting") };
}

function isNews(told: PoolState & { readonly atUs: number }, now: PoolState, atUs: number): boolean {
  if (told.reachable !== now.reachable || told.serverConnected !== now.serverConnected) return true;
  if (told.clientsWaiting > 0 !== now.clientsWaiting > 0) return true;
  return told.clientsWaiting !== now.clientsWaiting && atUs - told.atUs >= QUEUE_EVERY_US;
}
