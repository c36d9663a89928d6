import type { EnterBegun } from "../../../wire/engine-connection.ts";
import type { Micros } from "../../../../model/clock.ts";
import type { Dial } from "./dialler.ts";
import { InFlightQueue } from "./in-flight-queue.ts";
import type { InFlight, Completed, Sessions } from "./in-flight.ts";
import type { Refusal } from "./refusal.ts";
import { Session, type SessionOwner } from "./session.ts";

/** A new connection for every operation, closed after it. Log-in is part of its time. At most `connections` at once. */
export class FreshSessions implements Sessions, SessionOwner {
  readonly nowUs: () => Micros;
  readonly #limit: number;
  readonly #dial: Dial;
  readonly #queue = new InFlightQueue();
  completed: Completed = () => undefined;
  enterBegun: EnterBegun = () => undefined;
  readonly #dials = new Map<InFlight, AbortController>();
  readonly #sessions = new Set<Session>();
  #served = 0;
  #closed = false;

  constructor(options: { readonly connections: number; readonly dial: Dial; readonly nowUs: () => Micros }) {
    this.nowUs = options.nowUs;
    this.#limit = options.connections;
    this.#dial = options.dial;
  }

  begin(inFlight: InFlight, nowUs: Micros): void {
    if (this.#dials.size + this.#sessions.size >= this.#limit) this.#queue.push(inFlight);
    else void this.#dialFor(inFlight, nowUs);
  }

  drop(inFlight: InFlight): string | null {
    const dial = this.#dials.get(inFlight);
    if (dial === undefined) this.#queue.remove(inFlight);
    else {
      this.#dials.delete(inFlight);
      dial.abort();
      this.#callNext(this.nowUs());
    }
    return null;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get open(): number {
    return this.#sessions.size;
  }

  addServed(places: Set<number>): void {
    for (let place = 0; place < this.#served; place += 1) places.add(place);
  }

  forgetServed(): void {
    this.#served = 0;
  }

  /** Whether a log-in works at all. */
  async prepare(withinMs: number): Promise<Refusal | null> {
    const dialled = await this.#dial(withinMs);
    if (dialled.kind === "not-connected") return { code: dialled.code, text: dialled.text };
    dialled.connection.close();
    return null;
  }

  close(): void {
    this.#closed = true;
    for (const dial of this.#dials.values()) dial.abort();
    for (const session of this.#sessions) session.close();
  }

  /** Done with its only operation. */
  ready(session: Session, nowUs: Micros): void {
    this.#sessions.delete(session);
    if (session.served) this.#served += 1;
    session.close();
    this.#callNext(nowUs);
  }

  lost(session: Session): void {
    if (this.#sessions.delete(session)) this.#callNext(this.nowUs());
  }

  refused(): void {
    // Nobody dials for a session of this kind again.
  }

  async #dialFor(inFlight: InFlight, nowUs: Micros): Promise<void> {
    inFlight.startUs = nowUs;
    if (inFlight.sentUs < 0) inFlight.sentUs = nowUs;
    const dial = new AbortController();
    this.#dials.set(inFlight, dial);
    const leftMs = Math.max(1, (inFlight.deadlineUs - nowUs) / 1000);
    const dialled = await this.#dial(leftMs, dial.signal);
    const wanted = this.#dials.get(inFlight) === dial && !this.#closed;
    if (this.#dials.get(inFlight) === dial) this.#dials.delete(inFlight);
    if (dialled.kind === "connected" && wanted) {
      const session = new Session(this);
      this.#sessions.add(session);
      session.inFlight = inFlight;
      session.connected(dialled.connection);
      session.sendBegun(inFlight);
    } else if (dialled.kind === "connected") {
      dialled.connection.close();
    } else if (wanted) {
      this.completed(inFlight, this.nowUs(), dialled.code, false, null);
      this.#callNext(this.nowUs());
    }
  }

  #callNext(nowUs: Micros): void {
    if (this.#closed || this.#dials.size + this.#sessions.size >= this.#limit) return;
    const inFlight = this.#queue.shift();
    if (inFlight !== null) void this.#dialFor(inFlight, nowUs);
  }
}
