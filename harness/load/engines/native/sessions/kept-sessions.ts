import type { EnterBegun } from "../../../wire/engine-connection.ts";
import type { Micros } from "../../../../model/clock.ts";
import { Dialler, type Dial } from "./dialler.ts";
import type { InFlight, Completed, Sessions } from "./in-flight.ts";
import { prepareSessions } from "./prepare-sessions.ts";
import type { Refusal } from "./refusal.ts";
import { Session, type SessionOwner } from "./session.ts";

export interface KeptSessionsOptions {
  readonly dial: Dial;
  readonly dialWithinMs: number;
  readonly nowUs: () => Micros;
}

/** A fixed number of sessions, each dialled again when its connection is lost. Who gets which is the kind's to say. */
export abstract class KeptSessions implements Sessions, SessionOwner {
  readonly nowUs: () => Micros;
  completed: Completed = () => undefined;
  enterBegun: EnterBegun = () => undefined;
  /** By place. */
  protected readonly all: readonly Session[];
  protected readonly dialler: Dialler;
  /** Of the log-in that failed last; null: none has. */
  protected refusal: Refusal | null = null;

  constructor(count: number, { dial, dialWithinMs, nowUs }: KeptSessionsOptions) {
    this.nowUs = nowUs;
    this.dialler = new Dialler(dial, dialWithinMs);
    this.all = Array.from({ length: count }, () => new Session(this));
  }

  abstract begin(inFlight: InFlight, nowUs: Micros): void;
  abstract drop(inFlight: InFlight): string | null;
  abstract get waiting(): number;
  abstract ready(session: Session, nowUs: Micros): void;

  get open(): number {
    return this.all.reduce((count, { connection }) => count + (connection === null ? 0 : 1), 0);
  }

  addServed(places: Set<number>): void {
    this.all.forEach(({ served }, place) => {
      if (served) places.add(place);
    });
  }

  forgetServed(): void {
    for (const session of this.all) session.served = false;
  }

  prepare(withinMs: number): Promise<Refusal | null> {
    return prepareSessions(this.all, this.dialler, withinMs, () => this.refusal);
  }

  close(): void {
    this.dialler.stop();
    for (const session of this.all) session.close();
  }

  lost(session: Session): void {
    this.dialler.request(session);
  }

  refused(session: Session, code: string, text: string): void {
    this.refusal = { code, text };
    const inFlight = this.takeWaitingFor(session);
    if (inFlight !== null) this.completed(inFlight, this.nowUs(), code, false, null);
  }

  /** The operation that a connection of this session was wanted for waits no more; null: there is none. */
  protected abstract takeWaitingFor(session: Session): InFlight | null;
}
