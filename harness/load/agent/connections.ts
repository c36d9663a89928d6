import type { Endpoint } from "../../model/layout.ts";
import type { AddressBook } from "../wire/address-book.ts";
import { dial, type DatabaseConnection, type LoginTarget } from "../wire/database-connection.ts";
import { clientCodes } from "../wire/outcomes.ts";

export interface ConnectionsOptions {
  readonly at: Endpoint;
  readonly login: Omit<LoginTarget, "host" | "port">;
  readonly addressOf: AddressBook;
  /** Connections open or being dialled at most. Infinity: every operation that finds none idle dials its own. */
  readonly limit: number;
  /** Dials under way at most: a pool that fills at once would compete with the probes for the server's log-ins. */
  readonly dialLimit: number;
  /** Idle connections kept; surplus ones are closed. */
  readonly keep: number;
  /** A connection was lost, after which the next one that serves is news. */
  readonly onLost: (code: string) => void;
}

/** A connection to run one operation on, or why there was none. */
export type Taken =
  | { readonly kind: "connected"; readonly connection: DatabaseConnection }
  | { readonly kind: "not-connected"; readonly code: string };

/** An operation that waits for a connection. */
interface Applicant {
  /** Counted up as they come. */
  readonly number: number;
  readonly dial: () => void;
  readonly settle: (taken: Taken) => void;
  /** Where it waits; null: no longer. */
  line: Line | null;
  /** Neighbours in that line. */
  older: Applicant | null;
  newer: Applicant | null;
}

/**
 * The connections of one stream (or of the mix) to one entry. They are re-made by the operations themselves: one
 * that finds no idle connection dials for itself, so the first operation after a black hole finds its way at once,
 * even while older dials still hang. It takes what comes first, its own connection or another that becomes free,
 * and then gives its dial up: else a server that needs longer to log in than the probe's interval would be kept
 * busy with log-ins for ever. With a limit, operations beyond it only wait in line.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #idle: DatabaseConnection[] = [];
  /**
   * Served newest first, of both, because the newest has the most time left: an operation whose bound is all but over
   * would take a good connection along when it times out on it.
   */
  readonly #waiting = new Line();
  readonly #waitingAndDialling = new Line();
  #applied = 0;
  /** Open, or reserved for a dial. */
  #open = 0;
  #dialling = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** An idle connection, else the first to be made or to become free within `withinMs`. Never rejects. */
  take(withinMs: number): Promise<Taken> {
    const connection = this.#idle.pop();
    if (connection !== undefined) return Promise.resolve({ kind: "connected", connection });
    return new Promise((resolve) => {
      const untilMs = performance.now() + withinMs;
      const served = new AbortController();
      const applicant: Applicant = {
        number: ++this.#applied,
        line: null,
        older: null,
        newer: null,
        dial: () => {
          applicant.line?.remove(applicant);
          this.#waitingAndDialling.add(applicant);
          void this.#dial(untilMs - performance.now(), served.signal).then((taken) =>
            this.#dialled(applicant, taken),
          );
        },
        settle: (taken) => {
          clearTimeout(timer);
          applicant.line?.remove(applicant);
          served.abort();
          resolve(taken);
        },
      };
      const tooLate: Taken = { kind: "not-connected", code: clientCodes.connectTimeout };
      const timer = setTimeout(applicant.settle, Math.ceil(withinMs), tooLate);
      this.#waiting.add(applicant);
      if (this.#reserveDial()) applicant.dial();
    });
  }

  /** Returns a connection after use. A lost one has left already. */
  give(connection: DatabaseConnection): void {
    if (!connection.usable) return;
    const next = newerOf(this.#waiting.newest, this.#waitingAndDialling.newest);
    if (next !== null) next.settle({ kind: "connected", connection });
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

  #reserveDial(): boolean {
    const { limit, dialLimit } = this.#options;
    if (this.#open >= limit || this.#dialling >= dialLimit) return false;
    this.#open += 1;
    this.#dialling += 1;
    return true;
  }

  /** After a successful reserveDial. */
  async #dial(withinMs: number, cancelled: AbortSignal): Promise<Taken> {
    const { at, login, addressOf } = this.#options;
    const untilMs = performance.now() + withinMs;
    const host = await within(addressOf(at.host), withinMs);
    if (typeof host !== "string") return { kind: "not-connected", code: host.code };
    return await dial({ ...login, host, port: at.port }, untilMs - performance.now(), cancelled);
  }

  #dialled(applicant: Applicant, taken: Taken): void {
    this.#dialling -= 1;
    if (taken.kind === "connected") {
      const { connection } = taken;
      connection.onLost = (code) => this.#forget(connection, code);
    } else {
      this.#open -= 1;
    }
    if (applicant.line !== null) applicant.settle(taken);
    else if (taken.kind === "connected") this.give(taken.connection);
    this.#callNextToDial();
  }

  #forget(connection: DatabaseConnection, code: string): void {
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    if (connection.served && code !== "CLOSED") this.#options.onLost(code);
    this.#open -= 1;
    this.#callNextToDial();
  }

  #callNextToDial(): void {
    const next = this.#waiting.newest;
    if (next !== null && this.#reserveDial()) next.dial();
  }
}

/**
 * Applicants by age: a doubly linked list through themselves, since in an outage there are as many as are due within their
 * time, and all of them come and go. Who joins is the newest, or but for a few: those that dial by turns.
 */
class Line {
  newest: Applicant | null = null;
  #oldest: Applicant | null = null;

  add(applicant: Applicant): void {
    let older = this.newest;
    while (older !== null && older.number > applicant.number) older = older.older;
    const newer = older === null ? this.#oldest : older.newer;
    applicant.line = this;
    applicant.older = older;
    applicant.newer = newer;
    if (older === null) this.#oldest = applicant;
    else older.newer = applicant;
    if (newer === null) this.newest = applicant;
    else newer.older = applicant;
  }

  remove(applicant: Applicant): void {
    const { older, newer } = applicant;
    if (newer === null) this.newest = older;
    else newer.older = older;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    applicant.line = applicant.older = applicant.newer = null;
  }
}

function newerOf(one: Applicant | null, other: Applicant | null): Applicant | null {
  if (one === null || other === null) return one ?? other;
  return one.number > other.number ? one : other;
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
