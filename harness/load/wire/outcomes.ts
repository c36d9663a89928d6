import { neverSentCode, type Outcome, timeoutCodes } from "../../model/sample.ts";

/** What the client saw of one operation. */
export type Seen =
  /** The server answered and was ready again; `warning` is the SQLSTATE of a warning that came with the answer. */
  | { readonly kind: "answered"; readonly warning: string | null }
  /** Nothing was sent: no connection, or no time left. */
  | { readonly kind: "not-sent"; readonly code: string }
  /** The statement went out, and then an error came, or nothing. */
  | { readonly kind: "error-after-sending"; readonly code: string };

/** A client's own codes; all others are SQLSTATEs or the operating system's (`ECONNREFUSED`). */
export const clientCodes = {
  /** No answer within the operation's bound. */
  timeout: timeoutCodes[0],
  /** No connection within the operation's bound. */
  connectTimeout: timeoutCodes[1],
  /** The other side closed without a word. */
  connectionLost: "CONNECTION_LOST",
  /** The client itself could not start it: too many in flight, or its own lateness left no time. */
  neverSent: neverSentCode,
} as const;

/**
 * SQLSTATEs (codes, then classes: PostgreSQL manual, appendix A) of answers to a single-statement transaction that
 * certainly had no effect: an ERROR rolls it back. Whatever is not listed is not definite.
 */
const definite: Readonly<Record<string, string>> = {
  "0A": "feature not supported",
  "22": "data exception",
  "23": "integrity constraint violated",
  "25": "invalid transaction state: 25006 is a server that has become a standby",
  "28": "log-in refused: through a pooler this can be the answer to a statement that it could not forward",
  "3D": "no such database, likewise",
  "42": "syntax error or access rule violated",
  "54": "program limit exceeded",
  "55": "object not in prerequisite state",
  "40001": "serialization failure",
  "40002": "deferred constraint violated at commit",
  "40P01": "deadlock detected",
  "53300": "too many connections, the server's or a worker's",
  "57014": "query cancelled: an ERROR; a cancelled wait for a synchronous standby is a warning instead",
  "57P03": "the server is starting up, shutting down or in recovery: it took no statement",
};

/**
 * Exceptions that a reader may look for in the list above, and why they are not in it:
 * - class 08, which PgBouncer uses (08P01) for everything it says itself, "server conn crashed?" included, and
 *   postgres_fdw (08006) for a remote COMMIT whose answer was lost;
 * - 40003, statement completion unknown, by its name;
 * - 57P01, 57P02: the backend was ended, perhaps between its commit and its answer (with extended protocol the
 *   commit happens at Sync, after CommandComplete);
 * - 53100, disk full, which is a PANIC when it is the write-ahead log that cannot be written; 58 and XX, system and internal errors, which may be a PANIC while the commit record was being written.
 */
export function classify(
  kind: "read" | "write",
  seen: Seen,
): { readonly outcome: Outcome; readonly code: string | null } {
  switch (seen.kind) {
    case "answered":
      return kind === "write" && seen.warning !== null && unsafeWarnings.has(seen.warning)
        ? { outcome: "unknown", code: seen.warning }
        : { outcome: "ok", code: null };
    case "not-sent":
      return { outcome: "failed", code: seen.code };
    case "error-after-sending": {
      const certain = kind === "read" || Object.hasOwn(definite, seen.code) || isOfDefiniteClass(seen.code);
      return { outcome: certain ? "failed" : "unknown", code: seen.code };
    }
  }
}

/**
 * Warnings that turn a write's acknowledgement into no promise. PostgreSQL's SyncRepWaitForLSN (syncrep.c) gives up
 * waiting for the standby on a cancel request (WARNING 01000) or a shutdown (WARNING 57P01): "The transaction has
 * already committed locally, but might not have been replicated to the standby." No other 01000 is expected of a
 * probe, and its text depends on the server's language, so the code alone decides.
 */
const unsafeWarnings: ReadonlySet<string> = new Set(["01000", "57P01"]);

function isOfDefiniteClass(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && Object.hasOwn(definite, code.slice(0, 2));
}
