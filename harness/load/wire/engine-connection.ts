import type { Value } from "../../workloads/draw-values.ts";

/** Where and as whom to connect. `host` is an address: name look-ups are the address cache's. */
export interface LoginTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Of the start-up packet: settings of the session. */
  readonly options?: string | undefined;
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
  /**
   * One bit that stands for it among those of a set of connections, of which another thread may run it; 0: that may run it
   * on any connection, because it is parsed at every run; not given: none may.
   */
  readonly bit?: number;
  /** The first row of its answer is wanted: EngineConnection.row. */
  readonly keepsRow?: boolean;
  /** Asked at each run: whether all rows of its answer are wanted, EngineConnection.rows. Not given: they never are. */
  readonly wantsRows?: () => boolean;
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
  /** All rows of the last answer, in the same form, where it was one whose rows are wanted; null: it was not. */
  readonly rows?: readonly (readonly (string | null)[])[] | null;
  /** Called once, when it is lost or closed, with the reason; a statement under way is settled first. */
  onLost: (code: string) => void;
  /** Prepared statement, text formats; of a named one Parse goes out with the first run only. */
  run(statement: PreparedStatement, values: readonly Value[], settled: Settled): void;
  /** COPY ... FROM STDIN of the whole text (or bytes, in binary format); `pg` connections only. */
  copy?(sql: string, text: string | Buffer, settled: Settled): void;
  /** What lets another thread send on it; connections that have none are sent on by this one alone. */
  readonly direct?: DirectConnection;
  /** Says good-bye. */
  close(): void;
  /** Ends it at once. */
  destroy(code: string): void;
}

/**
 * Enters what another thread has begun, on any connection. `answered`: one whose server has begun to answer; what was begun
 * on it is entered even if the other thread is not back from writing it.
 */
export type EnterBegun = (answered?: EngineConnection | null) => void;

/** A connection past whose socket another thread may write a statement, while nothing else runs on it. */
export interface DirectConnection {
  /** Of its socket; -1: it has none that takes plain bytes (encrypted, or closed). */
  readonly descriptor: number;
  /** The bits of the statements that its server has prepared. */
  readonly prepared: number;
  /** Where it waits for an operation, visible to another thread; null: this thread has it to itself. */
  line: ConnectionLine | null;
  /** In that line. */
  place: number;
  /** Set by whoever gives it operations. */
  enterBegun: EnterBegun;
  /**
   * Another thread has written the statement's message, but for `rest`. Settled as with `run`; of a connection that is
   * lost already with `sent` as it is given here.
   */
  began(statement: PreparedStatement, sent: boolean, rest: Buffer | null, settled: Settled): void;
}

/** Connections that wait where another thread may take them. */
export interface ConnectionLine {
  /** Waits until the other thread does not write to the connection at this place. */
  awaitWriting(place: number): void;
  /** Takes the connection out, unless the other thread has taken it; it does not write to it when this returns. */
  withdraw(place: number): void;
}
