import { Socket } from "node:net";
import pg from "pg";
import { boundedDial } from "./bounded-dial.ts";
import { clientCodes } from "./outcomes.ts";

/** Where and as whom to connect. `host` is an address: name look-ups are the address book's. */
export interface LoginTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export type Dialled =
  | { readonly kind: "connected"; readonly connection: DatabaseConnection }
  | { readonly kind: "not-connected"; readonly code: string; readonly text: string };

/** What became of one statement: see outcomes.ts; `text` is the server's or the system's own words. */
export type Ran =
  | { readonly kind: "answered"; readonly warning: string | null; readonly rows: Rows }
  | { readonly kind: "not-sent" | "error-after-sending"; readonly code: string; readonly text: string };

export type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Connects and logs in within `withinMs`. Bounds are ours, by a timer that destroys the socket: the driver's own
 * neither cover a silent server nor end the attempt at the system's level. Also given up when `cancelled` is aborted.
 * Never rejects.
 */
export function dial(target: LoginTarget, withinMs: number, cancelled?: AbortSignal): Promise<Dialled> {
  const socket = new Socket();
  const client = new pg.Client({ ...target, ssl: false, stream: () => socket });
  const connection = new DatabaseConnection(client, socket);
  const lose = (code: string): void => connection.destroy(code);
  return boundedDial<DatabaseConnection>({ withinMs, cancelled }, lose, (attempt) => {
    // @types/pg has the callback's error as always there; on success it is null.
    client.connect((error: Error | null | undefined) => {
      if (error != null) {
        attempt.fail(codeOf(error), error.message);
        return;
      }
      attempt.endWaiting();
      connection.readyNs = process.hrtime.bigint();
      attempt.connected(connection);
    });
  });
}

/** One logged-in connection that runs one statement at a time, every one bounded. Once lost it stays lost. */
export class DatabaseConnection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #lostCode: string | null = null;
  #warning: string | null = null;
  /** Called once, when the connection is lost or closed, with the reason. */
  onLost: (code: string) => void = () => undefined;
  /** Has an operation on it succeeded yet? */
  served = false;
  /** When it was ready for its first statement, on the monotonic clock. */
  readyNs = 0n;

  constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on("error", (error) => this.destroy(codeOf(error)));
    client.on("end", () => this.destroy(clientCodes.connectionLost));
    client.on("notice", ({ code }) => {
      if (code !== undefined && code !== SUCCESSFUL_COMPLETION) this.#warning ??= code;
    });
  }

  get usable(): boolean {
    return this.#lostCode === null;
  }

  /**
   * Runs one statement by the extended protocol with the unnamed statement (which poolers in transaction mode
   * bear). Answered means that the server was ready again, so the commit is behind it. An error or a missed bound
   * destroys the connection. Never rejects.
   */
  run(sql: string, values: readonly (string | number)[], withinMs: number): Promise<Ran> {
    if (this.#lostCode !== null)
      return Promise.resolve({ kind: "not-sent", code: this.#lostCode, text: "connection lost" });
    this.#warning = null;
    return new Promise((resolve) => {
      const fail = (code: string, text: string): void => {
        clearTimeout(timer);
        this.destroy(code);
        resolve({ kind: "error-after-sending", code, text });
      };
      const timer = setTimeout(fail, Math.ceil(withinMs), clientCodes.timeout, "no answer in time");
      // @types/pg has the callback's error as always there; on success it is null.
      this.#client.query<Record<string, unknown>>(
        { text: sql, values: [...values] },
        (error: Error | null | undefined, result) => {
          if (error != null) {
            fail(this.#lostCode ?? codeOf(error), error.message);
            return;
          }
          clearTimeout(timer);
          this.served = true;
          resolve({ kind: "answered", warning: this.#warning, rows: result.rows });
        },
      );
    });
  }

  /** Says good-bye to the server; a server that does not close within a second is left. */
  close(): void {
    if (!this.usable) return;
    this.#markLost("CLOSED");
    setTimeout(() => this.#socket.destroy(), 1000).unref();
    this.#client.end().catch(() => undefined);
  }

  /** Ends it at once, without a word to the server. */
  destroy(code: string): void {
    if (this.#markLost(code)) this.#socket.destroy();
  }

  #markLost(code: string): boolean {
    if (this.#lostCode !== null) return false;
    this.#lostCode = code;
    this.onLost(code);
    return true;
  }
}

/** SQLSTATE of notices that say nothing bad. */
const SUCCESSFUL_COMPLETION = "00000";

function codeOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === "string" ? error.code : clientCodes.connectionLost;
}
