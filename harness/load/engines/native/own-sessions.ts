import type { Micros } from "../../../model/clock.ts";
import { Dialler, type Dial } from "./dialler.ts";
import type { Flight, Landed, Sessions } from "./flight.ts";
import { prepareSessions } from "./prepare-sessions.ts";
import type { Refusal } from "./refusal.ts";
import { Session, type SessionOwner } from "./session.ts";

/** One connection for each client of a closed shape. A client's flight waits for its client's connection alone. */
export class OwnSessions implements Sessions, SessionOwner {
  readonly nowUs: () => Micros;
  /** By client. */
  readonly #all: readonly Session[];
  /** The flight that waits for each session. */
  readonly #waiting = new Map<Session, Flight>();
  readonly #dialler: Dialler;
  landed: Landed = () => undefined;
  #refusal: Refusal | null = null;

  constructor(options: {
    readonly clients: number;
    readonly dial: Dial;
    readonly dialWithinMs: number;
    readonly nowUs: () => Micros;
  }) {
    this.nowUs = options.nowUs;
    this.#dialler = new Dialler(options.dial, options.dialWithinMs);
    this.#all = Array.from({ length: options.clients }, () => new Session(this));
  }

  begin(flight: Flight, nowUs: Micros): void {
    const session = this.#of(flight);
    if (session.idle) session.send(flight, nowUs);
    else this.#waiting.set(session, flight);
  }

  drop(flight: Flight): string | null {
    this.#waiting.delete(this.#of(flight));
    return null;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get open(): number {
    return this.#all.reduce((count, { connection }) => count + (connection === null ? 0 : 1), 0);
  }

  addServed(places: Set<number>): void {
    this.#all.forEach(({ served }, place) => {
      if (served) places.add(place);
    });
  }

  forgetServed(): void {
    for (const session of this.#all) session.served = false;
  }

  prepare(withinMs: number): Promise<Refusal | null> {
    return prepareSessions(this.#all, this.#dialler, withinMs, () => this.#refusal);
  }

  close(): void {
    this.#dialler.stop();
    for (const session of this.#all) session.close();
  }

  ready(session: Session, nowUs: Micros): void {
    const flight = this.#waiting.get(session);
    if (flight === undefined) return;
    this.#waiting.delete(session);
    session.send(flight, nowUs);
  }

  lost(session: Session): void {
    this.#dialler.request(session);
  }

  refused(session: Session, code: string, text: string): void {
    this.#refusal = { code, text };
    const flight = this.#waiting.get(session);
    if (flight === undefined) return;
    this.#waiting.delete(session);
    this.landed(flight, this.nowUs(), code, false, null);
  }

  #of({ client }: Flight): Session {
    const session = this.#all[client];
    if (session === undefined) throw new Error(`Expected a session for client ${client}, found none`);
    return session;
  }
}
