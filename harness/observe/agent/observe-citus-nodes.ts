import type { CitusNode } from "../../model/event.ts";
import type { ObservedCitus } from "../protocol/observer-spec.ts";
import { lookRegularly, onChange, RETRY_MS, within, type Observing } from "./observing.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";

const ANSWER_MS = 500;
const DIAL_MS = 2000;

/** A query that names a table is not parsed where there is none: the catalogue is asked first. */
const IS_THERE = "select to_regclass('pg_catalog.pg_dist_node') is not null as is_there";
const LOOK = `select groupid::int as citus_group, nodename as host, noderole::text as role, isactive as active,
  hasmetadata and metadatasynced as metadata_synced, shouldhaveshards as holds_shards
  from pg_catalog.pg_dist_node order by groupid, noderole, nodename`;

/**
 * Watches which nodes a coordinator knows by pg_dist_node. What is not committed is not seen: during a switchover Patroni
 * changes the rows in a transaction that is open until the new primary is writable. Tells nothing while the database or
 * Citus in it is not there yet, and nothing of a coordinator that does not answer, which others tell.
 */
export async function observeCitusNodes(
  coordinator: ObservedCitus,
  login: Omit<SqlLogin, "host" | "port">,
  observing: Observing,
  open: OpenSql = openSql,
): Promise<void> {
  const { group, member, host, port, everyMs } = coordinator;
  const emit = onChange(observing);
  let connection: SqlConnection | null = null;
  let isThere = false;
  const end = (): void => {
    connection?.drop();
    connection = null;
    isThere = false;
  };
  await lookRegularly(observing.signal, async () => {
    try {
      connection ??= await open({ ...login, host, port }, DIAL_MS, end);
      if (!isThere) {
        const [row] = await within(ANSWER_MS, member, connection.query(IS_THERE));
        isThere = row?.is_there === true;
      }
      if (!isThere) return RETRY_MS;
      const rows = await within(ANSWER_MS, member, connection.query(LOOK));
      emit({ kind: "citus-nodes", atUs: observing.nowUs(), group, member, nodes: rows.map(nodeOf) });
      return everyMs;
    } catch {
      end();
      return RETRY_MS;
    }
  });
  end();
}

function nodeOf(row: Readonly<Record<string, unknown>>): CitusNode {
  return {
    citusGroup: Number(row.citus_group),
    host: String(row.host),
    role: String(row.role),
    active: row.active === true,
    metadataSynced: row.metadata_synced === true,
    holdsShards: row.holds_shards === true,
  };
}
