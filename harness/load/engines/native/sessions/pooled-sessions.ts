import type { Micros } from "../../../../model/clock.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import { FlightQueue } from "./flight-queue.ts";
import type { Flight } from "./flight.ts";
import { KeptSessions, type KeptSessionsOptions } from "./kept-sessions.ts";
import type { Session } from "./session.ts";

/** Share of the time-out that must be left for an operation that has waited. */
const WORTH_SENDING = 0.1;

/**
 * A fixed number of connections that any flight may take. `turns`: the one that has been free longest is next, so that
 * all are used alike (as clients that each have their own would); else the one that was free last, as poolers do.
 * Flights that find none wait in line, first come first served.
 */
export class PooledSessions extends KeptSessions {
  /** Ring of free sessions. */
  readonly #free: (Session | null)[];
  readonly #turns: boolean;
  readonly #queue = new FlightQueue();
  #head = 0;
  #freeCount = 0;

  constructor({
    connections,
    turns,
    ...options
  }: KeptSessionsOptions & { readonly connections: number; readonly turns: boolean }) {
    super(connections, options);
    this.#turns = turns;
    this.#free = new Array<Session | null>(connections).fill(null);
  }

  begin(flight: Flight, nowUs: Micros): void {
    const session = this.#take();
    if (session === null) this.#queue.push(flight);
    else session.send(flight, nowUs);
  }

  drop(flight: Flight): string | null {
    this.#queue.remove(flight);
    return this.open === 0 ? (this.refusal?.code ?? null) : null;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  ready(session: Session, nowUs: Micros): void {
    const flight = this.#nextInTime(nowUs);
    if (flight === null) this.#give(session);
    else session.send(flight, nowUs);
  }

  override lost(session: Session): void {
    this.#forget(session);
    super.lost(session);
  }

  /** The flight that has waited longest is the one that the connection was wanted for. */
  protected takeWaitingFor(): Flight | null {
    return this.#queue.shift();
  }

  /**
   * One whose time is all but over would take a good connection along when it ends; under overload that would go on
   * until nothing is served any more. It is not sent.
   */
  #nextInTime(nowUs: Micros): Flight | null {
    for (;;) {
      const flight = this.#queue.shift();
      if (flight === null) return null;
      if (flight.deadlineUs - nowUs >= WORTH_SENDING * flight.lane.timeoutUs) return flight;
      this.landed(flight, nowUs, clientCodes.connectTimeout, false, null);
    }
  }

  #give(session: Session): void {
    this.#free[(this.#head + this.#freeCount) % this.#free.length] = session;
    this.#freeCount += 1;
  }

  #take(): Session | null {
    if (this.#freeCount === 0) return null;
    this.#freeCount -= 1;
    if (!this.#turns) return this.#free[(this.#head + this.#freeCount) % this.#free.length] ?? null;
    const session = this.#free[this.#head] ?? null;
    this.#head = (this.#head + 1) % this.#free.length;
    return session;
  }

  #forget(session: Session): void {
    const free: Session[] = [];
    for (let index = 0; index < this.#freeCount; index += 1) {
      const other = this.#free[(this.#head + index) % this.#free.length];
      if (other !== session && other != null) free.push(other);
    }
    this.#head = 0;
    this.#freeCount = 0;
    for (const other of free) this.#give(other);
  }
}
