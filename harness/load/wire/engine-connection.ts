import type { Value } from "../../workloads/draw-values.ts";
import type { LoginTarget } from "./database-connection.ts";

/** Where, as whom and how to connect. */
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

/** A statement that a connection has been told of; it is parsed by the server at its first run on that connection. */
export interface PreparedStatement {
  readonly name: string;
  readonly sql: string;
  readonly parameterCount: number;
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
  /** Called once, when it is lost or closed, with the reason; a statement under way is settled first. */
  onLost: (code: string) => void;
  /** Named prepared statement, text formats; Parse goes out with the first run, then Bind, Execute, Sync alone. */
  run(statement: PreparedStatement, values: readonly Value[], settled: Settled): void;
  /** COPY ... FROM STDIN of the whole text; `pg` connections only. */
  copy?(sql: string, text: string, settled: Settled): void;
  /** Says good-bye. */
  close(): void;
  /** Ends it at once. */
  destroy(code: string): void;
}
