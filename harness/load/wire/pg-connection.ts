import type { Socket } from "node:net";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Value } from "../../workloads/draw-values.ts";
import { clientCodes } from "./outcomes.ts";
import type { EngineConnection, PreparedStatement, Settled } from "./engine-connection.ts";
import { errorCode } from "./error-code.ts";
import { isFatal } from "./server-report.ts";

/** What of an error of `pg` is read; `severity` in the server's language, where the server sent the error. */
type PgError = Error & { readonly code?: unknown; readonly severity?: string };

/** Runs statements by the `pg` client, with the outcomes that a fast connection gives. */
export class PgConnection implements EngineConnection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #lostCode: string | null = null;
  /** Of the statement under way. */
  #settled: Settled | null = null;
  #code: string | null = null;
  #warning: string | null = null;
  #text = "";
  /** Statements that the server has forgotten are prepared under another name: `pg` never prepares a name twice. */
  readonly #forgotten = new Map<string, number>();
  onLost: (code: string) => void = () => undefined;
  readyNs = 0n;

  /** Of a client that has not begun to connect. */
  constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    // Before pg's own listener, whose error has no code.
    socket.on("close", () => this.lose(clientCodes.connectionLost, "The server closed the connection"));
    client.on("error", (error: PgError) => this.#broken(error));
    client.on("notice", ({ code, severity }) => {
      if (code !== undefined && isWarning(severity, code)) this.#warning ??= code;
    });
    // After pg's own listener: then it takes the next statement.
    client.once("connect", () => client.connection.on("readyForQuery", () => this.#ready()));
  }

  get usable(): boolean {
    return this.#lostCode === null;
  }

  get busy(): boolean {
    return this.#settled !== null;
  }

  get transaction(): "idle" | "open" | "failed" {
    const status = this.#client.getTransactionStatus();
    return status === "T" ? "open" : status === "E" ? "failed" : "idle";
  }

  run(statement: PreparedStatement, values: readonly Value[], settled: Settled): void {
    if (!this.#begin(settled)) return;
    const times = this.#forgotten.get(statement.name) ?? 0;
    const name = times === 0 ? statement.name : `${statement.name} (${times + 1})`;
    this.#client.query({ name, text: statement.sql, values: [...values] }, (error: PgError | null) => {
      if (error === null) return;
      if (error.code === INVALID_STATEMENT_NAME) this.#forgotten.set(statement.name, times + 1);
      this.#failed(error);
    });
  }

  copy(sql: string, text: string | Buffer, settled: Settled): void {
    if (!this.#begin(settled)) return;
    const stream = this.#client.query(copyFrom(sql));
    stream.on("error", (error: PgError) => this.#failed(error));
    stream.end(text);
  }

  close(): void {
    if (this.#lostCode !== null) return;
    this.#lose("CLOSED", "closed by its owner");
    setTimeout(() => this.#socket.destroy(), 1000).unref();
    this.#client.end().catch(() => undefined);
  }

  destroy(code: string): void {
    this.lose(code, "ended by its owner");
  }

  /** The connection is gone, or useless. */
  lose(code: string, text: string): void {
    if (this.#lostCode !== null) return;
    this.#socket.destroy();
    this.#lose(code, text);
  }

  #begin(settled: Settled): boolean {
    if (this.#lostCode !== null) {
      process.nextTick(settled, this.#lostCode, false, null, "connection lost");
      return false;
    }
    if (this.#settled !== null)
      throw new Error("One statement at a time: the last one has not been answered");
    this.#settled = settled;
    this.#code = null;
    this.#warning = null;
    this.#text = "";
    return true;
  }

  /** An answer with an error; the server says when it is ready again, unless it ends the connection. */
  #failed(error: PgError): void {
    if (this.#settled === null) return;
    if (typeof error.code !== "string" || isFatal(error.severity)) {
      this.#broken(error);
      return;
    }
    this.#code ??= error.code;
    this.#text ||= error.message;
  }

  #ready(): void {
    const settled = this.#settled;
    if (settled === null) return;
    this.#settled = null;
    settled(this.#code, true, this.#warning, this.#text);
  }

  /** Errors without a code are pg's own: it did not understand the server. */
  #broken(error: PgError): void {
    this.lose(typeof error.code === "string" ? errorCode(error) : PROTOCOL_VIOLATION, error.message);
  }

  /** What is under way is settled first. An error that had come is certain, and the best reason for what followed. */
  #lose(code: string, text: string): void {
    const settled = this.#settled;
    const reason = settled === null ? code : (this.#code ?? code);
    this.#lostCode = reason;
    this.#settled = null;
    if (settled !== null) settled(reason, true, this.#warning, this.#code === null ? text : this.#text);
    this.onLost(reason);
  }
}

/**
 * `pg` passes the severity on in the server's language, so in all but English the code must tell: class 01 is warnings,
 * and class 57 is the server's own leave-taking.
 */
function isWarning(severity: string | undefined, code: string): boolean {
  return severity === "WARNING" || code.startsWith("01") || code.startsWith("57");
}

/** SQLSTATEs, PostgreSQL manual, appendix A. */
const INVALID_STATEMENT_NAME = "26000";
const PROTOCOL_VIOLATION = "08P01";
