import type { EventOf } from "../../model/event.ts";
import type { ObservedMonitor } from "../protocol/observer-spec.ts";
import { lookRegularly, onChange, RETRY_MS, within, type Observing } from "./observing.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";

const DIAL_MS = 2000;
const ANSWER_MS = 1000;

const LOOK = `select formationid, nodename, nodeid::text, reportedstate::text, goalstate::text, health
  from pgautofailover.node order by nodeid`;

/** By the name that a standby streams under, which holds the monitor's number of it: the member. */
export type StandbyNames = Map<string, string>;

/**
 * Watches what pg_auto_failover's monitor says of every node, and learns from it under which names the members stream.
 * While the monitor does not answer, nothing is told of its nodes; that it was lost, and is back, is.
 */
export async function observeMonitor(
  monitor: ObservedMonitor,
  login: Omit<SqlLogin, "host" | "port" | "database">,
  names: StandbyNames,
  observing: Observing,
  open: OpenSql = openSql,
): Promise<void> {
  const emits = new Map<string, ReturnType<typeof onChange>>();
  let connection: SqlConnection | null = null;
  let seen = false;
  const lose = (reason: unknown): void => {
    connection?.drop();
    connection = null;
    if (!seen) return;
    seen = false;
    const text = `observer: lost pg_auto_failover's monitor, what it says is not seen: ${String(reason)}`;
    observing.emit({ kind: "note", atUs: observing.nowUs(), text });
  };
  await lookRegularly(observing.signal, async () => {
    try {
      const address = { ...login, host: monitor.host, port: monitor.port, database: "pg_auto_failover" };
      connection ??= await open(address, DIAL_MS, lose);
      const rows = await within(ANSWER_MS, "the monitor", connection.query(LOOK));
      seen = true;
      for (const row of rows) {
        const event = monitoredNode(row, observing.nowUs());
        names.set(`pgautofailover_standby_${String(row.nodeid)}`, event.member);
        const emit = emits.get(event.member) ?? onChange(observing);
        emits.set(event.member, emit);
        emit(event);
      }
      return monitor.everyMs;
    } catch (error) {
      lose(error);
      return RETRY_MS;
    }
  });
  (connection as SqlConnection | null)?.drop();
}

/** Each formation is one PostgreSQL group of the same name. */
function monitoredNode(row: Readonly<Record<string, unknown>>, atUs: number): EventOf<"monitored-node"> {
  return {
    kind: "monitored-node",
    atUs,
    group: String(row.formationid),
    member: String(row.nodename),
    reported: String(row.reportedstate),
    assigned: String(row.goalstate),
    healthy: row.health === 1,
  };
}
