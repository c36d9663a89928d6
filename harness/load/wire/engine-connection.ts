import type { Value } from "../../workloads/draw-values.ts";

/** Where and as whom to connect. `host` is an address: name look-ups are the address cache's. */
export interface LoginTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** The same, and how. */
export interface DialTarget extends LoginTarget {
  /** Encrypted when given; `ca` is a certificate in PEM, and `rejectUnauthorized` false accepts any. */
  readonly tls?: { readonly rejectUnauthorized: boolean; readonly ca?: string };
}

/** `code`: a SQLSTATE, a client code (see outcomes.ts) or the system's; `text`: the server's or the system's words. */
export type EngineDialled =
  | { readonly kind: "connected"; readonly connection: EngineConnection }
  | { readonly kind: "not-connected"; readonly code: string; readonly text: string };

/**
 * What became of one statement, told when the server was ready for the next one (or the connection is gone). `code`:
 * null when it was answered without error; else a SQLSTATE, a client code (see outcomes.ts) or the system's. `sent`:
 * false when nothing of it went out. `warning`: SQLSTATE of a warning that came with the answer.
 */
export type Settled = (code: string | null, sent: boolean, warning: string | null, text: string) => void;

/** A statement to be run many times; the server parses it at its first run on a connection. */
export interface PreparedStatement {
  /** Empty: it is parsed at every run, which poolers bear that do not keep the statements of their clients apart. */
  readonly name: string;
  readonly sql: string;
  readonly parameterCount: number;
  /** The first row of its answer is wanted: EngineConnection.row. */
  readonly keepsRow?: boolean;
}

/**
 * A logged-in connection that runs one statement at a time, told by callback so that the hot path makes no promise.
 * After an ERROR the connection stays usable (`inTransaction` says whether a rollback is due); once lost it stays lost.
 * Bounds on time are the caller's: `destroy("CLIENT_TIMEOUT")` settles what is under way with that code.
 */
export interface EngineConnection {
  readonly usable: boolean;
  readonly busy: boolean;
  /** From ReadyForQuery: idle, in a transaction, or in one that failed. */
  readonly transaction: "idle" | "open" | "failed";
  /** When it was ready for its first statement, on the monotonic clock. */
  readonly readyNs: bigint;
  /**
   * The first row of the last answer, in text format; null: it had none, or its statement did not ask for it. Not of `pg`
   * connections.
   */
  readonly row?: readonly (string | null)[] | null;
  /** Called once, when it is lost or closed, with the reason; a statement under way is settled first. */
  onLost: (code: string) => void;
  /** Prepared statement, text formats; of a named one Parse goes out with the first run only. */
  run(statement: PreparedStatement, values: readonly Value[], settled: Settled): void;
  /** COPY ... FROM STDIN of the whole text; `pg` connections only. */
  copy?(sql: string, text: string, settled: Settled): void;
  /** Says good-bye. */
  close(): void;
  /** Ends it at once. */
  destroy(code: string): void;
}
