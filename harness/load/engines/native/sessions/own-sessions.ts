import type { Micros } from "../../../../model/clock.ts";
import type { InFlight } from "./in-flight.ts";
import { KeptSessions, type KeptSessionsOptions } from "./kept-sessions.ts";
import type { Session } from "./session.ts";

/** One connection for each client of a closed shape. A client's operation waits for its client's connection alone. */
export class OwnSessions extends KeptSessions {
  /** The operation that waits for each session. */
  readonly #waiting = new Map<Session, InFlight>();

  constructor({ clients, ...options }: KeptSessionsOptions & { readonly clients: number }) {
    super(clients, options);
  }

  begin(inFlight: InFlight, nowUs: Micros): void {
    const session = this.#of(inFlight);
    if (session.idle) session.send(inFlight, nowUs);
    else this.#waiting.set(session, inFlight);
  }

  drop(inFlight: InFlight): string | null {
    this.#waiting.delete(this.#of(inFlight));
    return null;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  ready(session: Session, nowUs: Micros): void {
    const inFlight = this.takeWaitingFor(session);
    if (inFlight !== null) session.send(inFlight, nowUs);
  }

  protected takeWaitingFor(session: Session): InFlight | null {
    const inFlight = this.#waiting.get(session) ?? null;
    this.#waiting.delete(session);
    return inFlight;
  }

  #of({ client }: InFlight): Session {
    const session = this.all[client];
    if (session === undefined) throw new Error(`Expected a session for client ${client}, found none`);
    return session;
  }
}
