import type { Endpoint } from "../model/layout.ts";
import type { AddressBook } from "./address-book.ts";
import { dial, type DatabaseConnection, type LoginTarget } from "./database-connection.ts";
import { clientCodes } from "./outcomes.ts";

export interface ConnectionsOptions {
  readonly at: Endpoint;
  readonly login: Omit<LoginTarget, "host" | "port">;
  readonly addressOf: AddressBook;
  /** Connections open or being dialled at most. Infinity: every operation that finds none idle dials its own. */
  readonly limit: number;
  /** Idle connections kept; surplus ones are closed. */
  readonly keep: number;
  /** A connection was lost, after which the next one that serves is news. */
  readonly onLost: (code: string) => void;
}

/** A connection to run one operation on, or why there was none. */
export type Taken =
  | { readonly kind: "connected"; readonly connection: DatabaseConnection }
  | { readonly kind: "not-connected"; readonly code: string };

/**
 * The connections of one stream (or of the mix) to one entry. They are re-made by the operations themselves: one
 * that finds no idle connection dials for itself, so the first operation after a black hole finds its way at once,
 * even while older dials still hang. With a limit, those beyond it wait in line for a connection to be free.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #idle: DatabaseConnection[] = [];
  readonly #waiting = new Set<(turn: DatabaseConnection | "dial" | null) => void>();
  #open = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** An idle connection, else a new one, within `withinMs`. Never rejects. */
  async take(withinMs: number): Promise<Taken> {
    const connection = this.#idle.pop();
    if (connection !== undefined) return { kind: "connected", connection };
    if (this.#open < this.#options.limit) return await this.#dial(withinMs);
    const untilMs = performance.now() + withinMs;
    const turn = await this.#waitInLine(withinMs);
    if (turn === null) return { kind: "not-connected", code: clientCodes.connectTimeout };
    if (turn === "dial") return await this.#dial(untilMs - performance.now());
    return { kind: "connected", connection: turn };
  }

  /** Returns a connection after use. A lost one has left already. */
  give(connection: DatabaseConnection): void {
    if (!connection.usable) return;
    const next = this.#nextInLine();
    if (next !== undefined) next(connection);
    else if (this.#idle.length < this.#options.keep) this.#idle.push(connection);
    else connection.close();
  }

  /** Makes a first connection, so that the first operation does not pay for it. Does nothing when that fails. */
  async prepare(withinMs: number): Promise<void> {
    const taken = await this.take(withinMs);
    if (taken.kind === "connected") this.give(taken.connection);
  }

  closeAll(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  async #dial(withinMs: number): Promise<Taken> {
    this.#open += 1;
    const { at, login, addressOf } = this.#options;
    const untilMs = performance.now() + withinMs;
    const host = await within(addressOf(at.host), withinMs);
    if (typeof host !== "string") return this.#notConnected(host.code);
    const dialled = await dial({ ...login, host, port: at.port }, untilMs - performance.now());
    if (dialled.kind === "not-connected") return this.#notConnected(dialled.code);
    const { connection } = dialled;
    connection.onLost = (code) => this.#forget(connection, code);
    return { kind: "connected", connection };
  }

  #notConnected(code: string): Taken {
    this.#leave();
    return { kind: "not-connected", code };
  }

  #forget(connection: DatabaseConnection, code: string): void {
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    if (connection.served && code !== "CLOSED") this.#options.onLost(code);
    this.#leave();
  }

  #leave(): void {
    this.#open -= 1;
    this.#nextInLine()?.("dial");
  }

  #waitInLine(withinMs: number): Promise<DatabaseConnection | "dial" | null> {
    return new Promise((resolve) => {
      const takeTurn = (turn: DatabaseConnection | "dial" | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(takeTurn);
        resolve(turn);
      };
      const timer = setTimeout(takeTurn, Math.ceil(withinMs), null);
      this.#waiting.add(takeTurn);
    });
  }

  #nextInLine(): ((turn: DatabaseConnection | "dial") => void) | undefined {
    return this.#waiting.values().next().value;
  }
}

async function within(
  address: Promise<string>,
  withinMs: number,
): Promise<string | { readonly code: string }> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<{ readonly code: string }>((resolve) => {
    timer = setTimeout(resolve, Math.ceil(withinMs), { code: clientCodes.connectTimeout });
  });
  const failure = (error: unknown): { readonly code: string } => ({
    code: (error as { readonly code?: string }).code ?? "ENOTFOUND",
  });
  try {
    return await Promise.race([address.catch(failure), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
