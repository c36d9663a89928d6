import type { Micros } from "../../../../model/clock.ts";
import type { Share } from "./open-schedule.ts";
import type { Begin, LoadSource } from "../sender.ts";

/** A client whose next operation found no connection waits this long before it tries another. */
const PAUSE_AFTER_REFUSAL_US = 100_000;

/** The client whose turn it is, and when. */
interface Turn {
  readonly client: number;
  readonly atUs: Micros;
}

/**
 * Clients that each begin their next operation a think time after the answer to their last. With a think time the
 * first operations are spread over it, so that the clients do not march in step. Clients are numbered over the whole
 * stage: client c is agent c % of + 1's; its k-th operation has the number k x clients + c.
 */
export class ClosedLoad implements LoadSource {
  readonly isOpen = false;
  readonly #options: ClosedLoadOptions;
  /** Operations begun, by this agent's own count of its clients. */
  readonly #begun: number[];
  /** Each in the order of its moments, because each has one delay. */
  readonly #thinking: Turn[] = [];
  readonly #pausing: Turn[] = [];
  #stopped = false;
  #active = 0;

  constructor(options: ClosedLoadOptions) {
    this.#options = options;
    const { share, clients, startedUs, thinkUs } = options;
    this.#begun = Array.from({ length: clientsOf(share, clients) }, () => 0);
    this.#begun.forEach((_, client) => {
      const number = client * share.of + share.agent - 1;
      this.#thinking.push({ client, atUs: startedUs + (thinkUs * number) / clients });
    });
  }

  beginDue(): Micros {
    this.#beginFrom(this.#thinking);
    this.#beginFrom(this.#pausing);
    return this.nextDueUs;
  }

  /** Intended start of what begins next without waiting for an answer. */
  get nextDueUs(): Micros {
    return Math.min(this.#thinking[0]?.atUs ?? Infinity, this.#pausing[0]?.atUs ?? Infinity);
  }

  /** The client's operation has completed. Returns whether a moment to wait for was added. */
  completed(client: number, nowUs: Micros, refused: boolean): boolean {
    const { thinkUs, endUs } = this.#options;
    this.#active -= 1;
    if (this.#stopped || nowUs >= endUs) return false;
    if (refused) this.#pausing.push({ client, atUs: nowUs + Math.max(thinkUs, PAUSE_AFTER_REFUSAL_US) });
    else if (thinkUs > 0) this.#thinking.push({ client, atUs: nowUs + thinkUs });
    else {
      this.#beginOne(client, nowUs, nowUs);
      return false;
    }
    return true;
  }

  stop(): void {
    this.#stopped = true;
    this.#thinking.length = 0;
    this.#pausing.length = 0;
  }

  get done(): boolean {
    return this.#active === 0 && this.#thinking.length === 0 && this.#pausing.length === 0;
  }

  #beginFrom(turns: Turn[]): void {
    const { endUs, nowUs } = this.#options;
    let due = 0;
    for (const { client, atUs } of turns) {
      const atNowUs = nowUs();
      if (atUs > atNowUs && atUs < endUs) break;
      due += 1;
      if (atUs < endUs) this.#beginOne(client, atUs, atNowUs);
    }
    if (due > 0) turns.splice(0, due);
  }

  #beginOne(client: number, intendedUs: Micros, nowUs: Micros): void {
    const { share, clients, begin } = this.#options;
    const begun = this.#begun[client] ?? 0;
    const number = begun * clients + client * share.of + share.agent - 1;
    this.#begun[client] = begun + 1;
    this.#active += 1;
    begin(client, number, intendedUs, nowUs);
  }
}

export interface ClosedLoadOptions {
  /** Of the whole stage. */
  readonly clients: number;
  readonly share: Share;
  readonly thinkUs: Micros;
  readonly startedUs: Micros;
  /** Nothing is begun from then on. */
  readonly endUs: Micros;
  readonly nowUs: () => Micros;
  /** `client`: by the agent's own count, from 0. */
  readonly begin: Begin;
}

/** How many of the stage's clients (or connections) are this agent's. */
export function clientsOf({ agent, of }: Share, clients: number): number {
  return Math.floor((clients - agent) / of) + 1;
}
