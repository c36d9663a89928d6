import type { Micros } from "../../../../model/clock.ts";
import type { Flight } from "./flight.ts";
import { KeptSessions, type KeptSessionsOptions } from "./kept-sessions.ts";
import type { Session } from "./session.ts";

/** One connection for each client of a closed shape. A client's flight waits for its client's connection alone. */
export class OwnSessions extends KeptSessions {
  /** The flight that waits for each session. */
  readonly #waiting = new Map<Session, Flight>();

  constructor({ clients, ...options }: KeptSessionsOptions & { readonly clients: number }) {
    super(clients, options);
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

  ready(session: Session, nowUs: Micros): void {
    const flight = this.takeWaitingFor(session);
    if (flight !== null) session.send(flight, nowUs);
  }

  protected takeWaitingFor(session: Session): Flight | null {
    const flight = this.#waiting.get(session) ?? null;
    this.#waiting.delete(session);
    return flight;
  }

  #of({ client }: Flight): Session {
    const session = this.all[client];
    if (session === undefined) throw new Error(`Expected a session for client ${client}, found none`);
    return session;
  }
}
