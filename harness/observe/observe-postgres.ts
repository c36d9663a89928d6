import { onChange, RETRY_MS, lookRegularly, within, type Observing } from "./observing.ts";
import type { ObservedMember } from "./observer-spec.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";

/** A member that has not answered for this long is unreachable, though it may answer yet. */
const ANSWER_MS = 500;
const DIAL_MS = 2000;
/** How often a primary is asked for its standbys. */
const STANDBYS_EVERY_MS = 250;

/** pg_walfile_name's first eight digits are the timeline that is written to; a standby reports the one it receives, or none. */
const STATE = `select pg_is_in_recovery() as in_recovery,
  case when pg_is_in_recovery()
    then (select received_tli from pg_stat_wal_receiver)
    else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
  end as timeline`;
const STATE_AND_STANDBYS = `${STATE}, (select coalesce(json_agg(json_build_array(application_name, sync_state)
  order by application_name), '[]') from pg_stat_replication where state = 'streaming') as standbys`;

type Rows = readonly Readonly<Record<string, unknown>>[];
type Standbys = readonly (readonly [name: string, syncState: string])[];

/**
 * Watches one member on a direct connection that is kept: is it in recovery, on which timeline, and which standbys
 * stream from it. A member that is silent stays asked on the connection it has, while new ones are tried beside it:
 * a node that was frozen answers on the old one, a node that was started anew only on a new one.
 */
export async function observePostgres(
  member: ObservedMember,
  login: Omit<SqlLogin, "host" | "port">,
  observing: Observing,
  open: OpenSql = openSql,
): Promise<void> {
  const { nowUs, signal } = observing;
  const { group, member: name } = member;
  const emitState = onChange(observing);
  let emitStandbys = onChange(observing);
  let connection: SqlConnection | null = null;
  let unanswered: Promise<Rows> | null = null;
  let standbysAskedMs = -Infinity;
  /** The last one seen: a standby that receives from nobody for a moment has not changed its timeline. */
  let timeline: number | null = null;
  let closed = false;

  const unreachable = (): void => {
    // What it said of its standbys holds no longer (see cluster-view): the same list is news when it is back.
    emitStandbys = onChange(observing);
    emitState({
      kind: "postgres-state",
      atUs: nowUs(),
      group,
      member: name,
      reachable: false,
      inRecovery: null,
      timeline: null,
    });
  };
  const dial = async (): Promise<SqlConnection> => {
    let made: SqlConnection | null = null;
    const address = { ...login, host: member.host, port: member.port };
    made = await open(address, DIAL_MS, () => {
      if (made === null || connection !== made) return;
      connection = null;
      unanswered = null;
      standbysAskedMs = -Infinity;
      unreachable();
    });
    if (closed) made.drop();
    return made;
  };
  const adopt = (made: SqlConnection): void => {
    connection?.drop();
    connection = made;
    unanswered = null;
  };
  const answered = (rows: Rows): void => {
    const row = rows[0];
    if (row === undefined) return;
    const atUs = nowUs();
    const inRecovery = row.in_recovery === true;
    if (typeof row.timeline === "number") timeline = row.timeline;
    emitState({
      kind: "postgres-state",
      atUs,
      group,
      member: name,
      reachable: true,
      inRecovery,
      timeline,
    });
    const senders = row.standbys as Standbys | undefined;
    if (inRecovery || senders === undefined) return;
    const standbys = senders.filter(([sender]) => member.peers.includes(sender));
    emitStandbys({
      kind: "replication-state",
      atUs,
      group,
      primary: name,
      streaming: standbys.map(([standby]) => standby),
      synchronous: standbys.filter(([, state]) => state === "sync" || state === "quorum").map(([own]) => own),
    });
  };
  const ask = (on: SqlConnection): Promise<Rows> => {
    const withStandbys = performance.now() - standbysAskedMs >= STANDBYS_EVERY_MS;
    if (withStandbys) standbysAskedMs = performance.now();
    return on.query(withStandbys ? STATE_AND_STANDBYS : STATE);
  };

  await lookRegularly(signal, async () => {
    try {
      if (connection === null) adopt(await dial());
      if (unanswered !== null) await firstOf(unanswered, dial(), adopt);
      if (connection === null) throw new Error(`${name}: the connection was lost again`);
      const asked = unanswered ?? ask(connection);
      unanswered = asked;
      answered(await within(ANSWER_MS, name, asked));
      if (unanswered === asked) unanswered = null;
      return member.postgresEveryMs;
    } catch {
      unreachable();
      return RETRY_MS;
    }
  });
  closed = true;
  (connection as SqlConnection | null)?.drop();
}

/** Waits for the late answer or for a new connection, whichever comes first; a connection that comes second is dropped. */
async function firstOf(
  late: Promise<Rows>,
  dialled: Promise<SqlConnection>,
  adopt: (made: SqlConnection) => void,
): Promise<void> {
  const first = await Promise.race([late.then(() => null), dialled]);
  if (first !== null) adopt(first);
  else dialled.then((made) => made.drop()).catch(() => undefined);
}
