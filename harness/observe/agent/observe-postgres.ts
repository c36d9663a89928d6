import type { Micros } from "../../model/clock.ts";
import type { Absence } from "../../model/event.ts";
import { onChange, RETRY_MS, lookRegularly, within, type Observing } from "./observing.ts";
import type { ObservedMember } from "../protocol/observer-spec.ts";
import { openSql, type OpenSql, type SqlConnection, type SqlLogin } from "./open-sql.ts";
import { LOOK, readAnswer, type Rows } from "./postgres-answer.ts";

/** A member that has not answered for this long is unreachable, though it may answer yet. */
const ANSWER_MS = 500;
const DIAL_MS = 2000;

/** A member that told something this lately, and then nothing, is looked at again this soon: what became of it matters. */
const LATELY_MS = 1000;
const AGAIN_MS = 50;

/**
 * Watches one member on a direct connection that is kept: is it in recovery, on which timeline, from whom does it
 * receive, and of a primary, which standbys stream from it and how many of them its commits wait for. A member that is
 * silent stays asked on the connection it has, while new ones are tried beside it: a node that was frozen answers on
 * the old one, a node that was started anew only on a new one.
 */
export async function observePostgres(
  member: ObservedMember,
  login: Omit<SqlLogin, "host" | "port">,
  observing: Observing,
  {
    open = openSql,
    names = new Map(),
  }: {
    readonly open?: OpenSql;
    /** By what a standby streams as where that is not its own name. */
    readonly names?: ReadonlyMap<string, string>;
  } = {},
): Promise<void> {
  const { nowUs, signal } = observing;
  const { group, member: name } = member;
  const emitState = onChange(observing);
  let emitStandbys = onChange(observing);
  let connection: SqlConnection | null = null;
  let unanswered: Promise<Rows> | null = null;
  /** The last one seen: a standby that receives from nobody for a moment has not changed its timeline. */
  let timeline: number | null = null;
  /** The server process that answered last, by its own words, and when it started by our clock. */
  let started = { text: "", atUs: 0 };
  /** The last look that told something, an answer or a refusal. */
  let toldUs: Micros | null = null;
  let hurry = (): void => undefined;
  let closed = false;

  const unreachable = (why: Absence["why"]): void => {
    const atUs = nowUs();
    // What it said of its standbys holds no longer (see cluster-view): the same list is news when it is back.
    emitStandbys = onChange(observing);
    emitState({
      kind: "postgres-state",
      atUs,
      group,
      member: name,
      reachable: false,
      inRecovery: null,
      timeline: null,
      server: null,
      absence: why === "refused" ? { why } : { why, seenUs: toldUs },
    });
    if (why === "refused") toldUs = atUs;
  };
  const dial = async (): Promise<SqlConnection> => {
    let made: SqlConnection | null = null;
    const address = { ...login, host: member.host, port: member.port };
    made = await open(address, DIAL_MS, (reason) => {
      if (made === null || connection !== made) return;
      connection = null;
      unanswered = null;
      unreachable(whyAbsent(reason));
      hurry();
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
    const answer = readAnswer(rows);
    if (answer === null) return;
    const atUs = nowUs();
    toldUs = atUs;
    const { inRecovery, standbys } = answer;
    timeline = answer.timeline ?? timeline;
    if (started.text !== answer.started) {
      started = { text: answer.started, atUs: Math.round(atUs - answer.ageSeconds * 1e6) };
    }
    emitState({
      kind: "postgres-state",
      atUs,
      group,
      member: name,
      reachable: true,
      inRecovery,
      timeline,
      server: { startedUs: started.atUs, ...answer.server },
      absence: null,
    });
    if (standbys === null) return;
    const own = standbys
      .map(([sender, state]) => [names.get(sender) ?? sender, state] as const)
      .filter(([sender]) => member.peers.includes(sender));
    emitStandbys({
      kind: "replication-state",
      atUs,
      group,
      primary: name,
      streaming: own.map(([standby]) => standby),
      synchronous: own
        .filter(([, state]) => state === "sync" || state === "quorum")
        .map(([standby]) => standby),
      commitsWaitFor: answer.commitsWaitFor,
      canConfirm: answer.listed?.map((sender) => names.get(sender) ?? sender),
    });
  };
  await lookRegularly(signal, async (lookNow) => {
    hurry = lookNow;
    try {
      if (connection === null) adopt(await dial());
      if (unanswered !== null) await firstOf(unanswered, dial(), adopt);
      if (connection === null) throw new Error(`${name}: the connection was lost again`);
      const asked = unanswered ?? connection.query(LOOK);
      unanswered = asked;
      answered(await within(ANSWER_MS, name, asked));
      if (unanswered === asked) unanswered = null;
      return member.postgresEveryMs;
    } catch (error) {
      const why = whyAbsent(error);
      unreachable(why);
      const lately = toldUs !== null && nowUs() - toldUs < LATELY_MS * 1000;
      return lately && why !== "refused" ? AGAIN_MS : RETRY_MS;
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

/** What an error says of who else may be served there; see Absence. A name server that refuses says nothing of it. */
function whyAbsent(error: unknown): Absence["why"] {
  const { code, syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  if (code === CANNOT_CONNECT_NOW || (code === "ECONNREFUSED" && syscall === "connect")) return "refused";
  return code === ADMIN_SHUTDOWN || code === CRASH_SHUTDOWN ? "ended" : "silent";
}

const CANNOT_CONNECT_NOW = "57P03";
const ADMIN_SHUTDOWN = "57P01";
const CRASH_SHUTDOWN = "57P02";
