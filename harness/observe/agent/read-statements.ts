import type { CountedStatement, ObservedMember } from "../protocol/observer-spec.ts";
import { within } from "./observing.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";

const DIAL_MS = 3000;
const ANSWER_MS = 3000;
/** Statements kept of each member: those that took most time in all. */
const KEPT = 10;
/** A statement's text is kept up to so many characters. */
const TEXT = 1000;

/** Of one role in the current database; utility statements such as COMMIT are among them. */
const topOf = (role: string): string => `select left(query, ${TEXT}) as query, calls::float8 as calls,
  total_exec_time as total_ms, mean_exec_time as mean_ms, rows::float8 as rows, wal_bytes::float8 as wal_bytes
  from pg_stat_statements
  where userid = '${role}'::regrole and dbid = (select oid from pg_database where datname = current_database())
  order by total_exec_time desc limit ${KEPT}`;
const RESET = "select pg_stat_statements_reset()";

/**
 * What the role's statements cost on every member since the call before: then each counts from 0 again. A member that
 * does not answer is among the missing, and keeps counting.
 */
export async function readStatements(
  members: readonly ObservedMember[],
  login: Omit<SqlLogin, "host" | "port"> & { readonly role: string },
  open: OpenSql = openSql,
): Promise<{ readonly statements: readonly CountedStatement[]; readonly missing: readonly string[] }> {
  const read = await Promise.allSettled(members.map((member) => readMember(member, login, open)));
  return {
    statements: read.flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
    missing: read.flatMap((one, index) =>
      one.status === "rejected"
        ? [`The statements of ${members[index]?.member ?? ""} could not be read: ${String(one.reason)}.`]
        : [],
    ),
  };
}

async function readMember(
  { host, port, member }: ObservedMember,
  { user, password, database, role }: Omit<SqlLogin, "host" | "port"> & { readonly role: string },
  open: OpenSql,
): Promise<readonly CountedStatement[]> {
  let connection: SqlConnection | null = null;
  try {
    connection = await open({ host, port, user, password, database }, DIAL_MS, () => undefined);
    const rows = await within(ANSWER_MS, member, connection.query(topOf(role)));
    await within(ANSWER_MS, member, connection.query(RESET));
    return rows.map((row) => ({
      member,
      query: String(row.query),
      calls: Number(row.calls),
      totalMs: Number(row.total_ms),
      meanMs: Number(row.mean_ms),
      rows: Number(row.rows),
      walBytes: Number(row.wal_bytes),
    }));
  } finally {
    connection?.drop();
  }
}
