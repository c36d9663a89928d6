import type { Micros } from "../../../../model/clock.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import { FreeConnections } from "./free-connections.ts";
import { InFlightQueue } from "./in-flight-queue.ts";
import type { InFlight } from "./in-flight.ts";
import { KeptSessions, type KeptSessionsOptions } from "./kept-sessions.ts";
import type { Session } from "./session.ts";

/** Share of the time-out that must be left for an operation that has waited. */
const WORTH_SENDING = 0.1;

/**
 * A fixed number of connections that any operation may take. `turns`: the one that has been free longest is next, so that
 * all are used alike (as clients that each have their own would); else the one that was free last, as poolers do.
 * Operations in flight that find none wait in line, first come first served.
 */
export class PooledSessions extends KeptSessions {
  readonly free: FreeConnections<Session>;
  readonly #queue = new InFlightQueue();

  constructor({
    connections,
    turns,
    ...options
  }: KeptSessionsOptions & { readonly connections: number; readonly turns: boolean }) {
    super(connections, options);
    this.free = new FreeConnections(connections, { newestFirst: !turns, dials: false });
  }

  begin(inFlight: InFlight, nowUs: Micros): void {
    const session = this.free.take();
    if (session === null) this.#queue.push(inFlight);
    else session.send(inFlight, nowUs);
  }

  drop(inFlight: InFlight): string | null {
    this.#queue.remove(inFlight);
    return this.open === 0 ? (this.refusal?.code ?? null) : null;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  ready(session: Session, nowUs: Micros): void {
    // Those that found none free have been waiting for this one.
    this.enterBegun();
    if (!session.idle) return;
    const inFlight = this.#nextInTime(nowUs);
    if (inFlight !== null) {
      session.send(inFlight, nowUs);
      return;
    }
    if (!this.free.give(session)) throw new Error("Expected a place for each of the connections, found none");
    // The other thread may have looked for one just before.
    this.enterBegun();
  }

  override lost(session: Session): void {
    this.free.forget(session);
    super.lost(session);
  }

  /** The operation that has waited longest is the one that the connection was wanted for. */
  protected takeWaitingFor(): InFlight | null {
    return this.#queue.shift();
  }

  /**
   * One whose time is all but over would take a good connection along when it ends; under overload that would go on
   * until nothing is served any more. It is not sent.
   */
  #nextInTime(nowUs: Micros): InFlight | null {
    for (;;) {
      const inFlight = this.#queue.shift();
      if (inFlight === null) return null;
      if (inFlight.deadlineUs - nowUs >= WORTH_SENDING * inFlight.route.timeoutUs) return inFlight;
      this.completed(inFlight, nowUs, clientCodes.connectTimeout, false, null);
    }
  }
}
