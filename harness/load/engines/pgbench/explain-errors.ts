import { clientCodes } from "../../wire/outcomes.ts";

/** A client that pgbench gave up, and why. */
export interface AbortedClient {
  readonly client: number;
  /** The script that it was running; null: it was connecting. */
  readonly script: number | null;
  readonly code: string;
  /** pgbench's and the server's own words. */
  readonly text: string;
}

/**
 * The clients that what pgbench wrote on standard error says were given up. pgbench shows the server's words without
 * their SQLSTATE, so codes are told from well-known words (of a server whose messages are English); what is not known
 * is `PGBENCH_ABORTED`.
 */
export function findAborted(errors: string): readonly AbortedClient[] {
  const messages = errors.split(/^(?=pgbench: )/m);
  let connecting = "";
  return messages.flatMap((message): readonly AbortedClient[] => {
    const text = message.trim();
    if (/connection to server .* failed/s.test(text)) connecting = text;
    const client = /\bclient (\d+) .*\baborted\b/s.exec(text)?.[1];
    if (client === undefined) return [];
    if (text.includes("while establishing connection")) {
      return [{ client: Number(client), script: null, code: codeOfError(connecting), text: connecting }];
    }
    const script = /\bscript (\d+)/.exec(text)?.[1];
    return [{ client: Number(client), script: Number(script ?? 0), code: codeOfError(text), text }];
  });
}

/** The SQLSTATE or client code that belongs to an error's words. */
export function codeOfError(text: string): string {
  return known.find(([words]) => words.test(text))?.[1] ?? "PGBENCH_ABORTED";
}

/** PostgreSQL's and PgBouncer's messages with their SQLSTATEs, and libpq's with the codes of our own clients. */
const known: readonly (readonly [words: RegExp, code: string])[] = [
  [/password authentication failed|SASL authentication failed/, "28P01"],
  [/no pg_hba\.conf entry|role ".*" does not exist|no such user/, "28000"],
  [/database ".*" does not exist|no such database/, "3D000"],
  [
    /too many clients already|remaining connection slots are reserved|too many connections for (role|database)|no more connections allowed/,
    "53300",
  ],
  [/No space left on device/, "53100"],
  [/out of memory|out of shared memory/, "53200"],
  [/terminating connection due to administrator command/, "57P01"],
  [/terminating connection because of crash of another server process/, "57P02"],
  [
    /the database system is (starting up|shutting down|in recovery mode|not (yet )?accepting connections)/,
    "57P03",
  ],
  [/canceling statement due to/, "57014"],
  [/cannot execute .* in a read-only transaction/, "25006"],
  [/duplicate key value violates unique constraint/, "23505"],
  [/violates (not-null|foreign key|check) constraint/, "23000"],
  [/relation ".*" does not exist/, "42P01"],
  [/column ".*" does not exist/, "42703"],
  [/syntax error/, "42601"],
  [/permission denied/, "42501"],
  [/deadlock detected/, "40P01"],
  [/could not serialize access/, "40001"],
  [/query_wait_timeout|server conn crashed|server_login_retry|pgbouncer/, "08P01"],
  [/Connection refused/, "ECONNREFUSED"],
  [/Connection reset/, "ECONNRESET"],
  [/timeout expired|Connection timed out/, clientCodes.connectTimeout],
  [/could not translate host name/, "ENOTFOUND"],
  [/No route to host/, "EHOSTUNREACH"],
  [
    /server closed the connection|backend died|SQL command send failed|no connection to the server/,
    clientCodes.connectionLost,
  ],
];
