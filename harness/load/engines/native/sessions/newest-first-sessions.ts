import type { EnterBegun } from "../../../wire/engine-connection.ts";
import type { Micros } from "../../../../model/clock.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import type { Dial } from "./dialler.ts";
import { FreeConnections } from "./free-connections.ts";
import type { InFlight, Completed, Sessions } from "./in-flight.ts";
import type { Refusal } from "./refusal.ts";
import { Session, type SessionOwner } from "./session.ts";

export interface NewestFirstOptions {
  readonly dial: Dial;
  readonly nowUs: () => Micros;
  /** Connections open or being dialled at most. Infinity: every operation that finds none idle dials its own. */
  readonly limit: number;
  /** Dials under way at most: a pool that fills at once would compete with the probes for the server's log-ins. */
  readonly dialLimit: number;
  /** Idle connections kept; surplus ones are closed. */
  readonly keep: number;
  /**
   * The first operation on a connection was served; it was ready since then, on the monotonic clock. `againUs`: it had been taken
   * for lost, and answered then; else null.
   */
  readonly onFirstServed: (readyNs: bigint, againUs: Micros | null) => void;
  /** A connection that had served was lost, or did not answer in time. */
  readonly onLost: (code: string) => void;
}

/** Places of connections that another thread has taken and that are not entered yet, beside those that are kept. */
const PLACES_BEYOND = 16;

/**
 * How long an answer, or a log-in, is waited for when its operation's own time is over. Long enough for a session that a busy
 * machine takes seconds to make, server behind server; shorter than any lease.
 */
export const LATE_ANSWER_MS = 4000;

/** An operation that waits for a connection. */
interface Applicant {
  readonly inFlight: InFlight;
  /** Ends its own dial; null: it waits for its turn. */
  dial: AbortController | null;
  older: Applicant | null;
  newer: Applicant | null;
}

/**
 * Connections that are re-made by the operations themselves: one that finds no idle connection dials for itself, so the
 * first operation after a black hole finds its way at once, even while older dials still hang. It takes what comes
 * first, its own connection or another that becomes free, and then gives its dial up: else a server that needs longer
 * to log in than the probe's interval would be kept busy with log-ins for ever. With a limit, operations beyond it only
 * wait in line. An error ends the connection it came on, but for that of a coordinator that cannot reach a worker: else
 * the log-ins of all who need a lost worker would keep the coordinators from serving those who do not.
 *
 * What takes longer than its operation's time is not given up at once: a few log-ins and a few connections are waited for a while
 * longer (LATE_ANSWER_MS), as many as are kept idle. Else a cluster that is busy making sessions, each with its own sessions on
 * the workers, has none of them left when the next operation comes, and makes them for ever: clients' time-outs would keep up an
 * outage whose cause is long gone. What lingers delays nobody, because operations that are due meanwhile dial for themselves.
 *
 * Served newest first, because the newest has the most time left: an operation whose bound is all but over would take a
 * good connection along when it times out on it.
 */
export class NewestFirstSessions implements Sessions, SessionOwner {
  readonly nowUs: () => Micros;
  readonly #options: NewestFirstOptions;
  completed: Completed = () => undefined;
  enterBegun: EnterBegun = () => undefined;
  readonly #sessions = new Set<Session>();
  /** Of those, the ones on which no operation has been served. */
  readonly #unserved = new Set<Session>();
  readonly free: FreeConnections<Session>;
  /** Connections whose server has yet to answer an operation that is told of already, by the timers that end them. */
  readonly #lingering = new Map<Session, NodeJS.Timeout>();
  /** Log-ins that go on though the operation's time is over. */
  readonly #lingeringDials = new Set<AbortController>();
  /** Connections that answered late, and when. */
  readonly #readyAgain = new WeakMap<Session, Micros>();
  readonly #applicants = new Map<InFlight, Applicant>();
  /** A doubly linked list: in an outage there are as many as are due within their time, and all come and go. */
  #newest: Applicant | null = null;
  /** Applicants that wait for their turn to dial. */
  #waitingToDial = 0;
  #dialling = 0;
  #closed = false;

  constructor(options: NewestFirstOptions) {
    this.#options = options;
    this.free = new FreeConnections(2 * options.keep + PLACES_BEYOND, { newestFirst: true, dials: true });
    this.nowUs = options.nowUs;
  }

  begin(inFlight: InFlight, nowUs: Micros): void {
    const session = this.free.take();
    if (session !== null) {
      session.send(inFlight, nowUs);
      return;
    }
    const applicant: Applicant = { inFlight, dial: null, older: this.#newest, newer: null };
    if (this.#newest !== null) this.#newest.newer = applicant;
    this.#newest = applicant;
    this.#applicants.set(inFlight, applicant);
    this.#waitingToDial += 1;
    if (this.#mayDial) void this.#dialFor(applicant, nowUs);
  }

  drop(inFlight: InFlight): null {
    const applicant = this.#applicants.get(inFlight);
    if (applicant === undefined) return null;
    const { dial } = applicant;
    if (dial !== null && this.#lingeringDials.size < this.#options.keep) {
      this.#lingeringDials.add(dial);
      this.#dialling -= 1;
    }
    this.#leave(applicant);
    this.#callNextToDial();
    return null;
  }

  lingers(session: Session): boolean {
    if (this.#closed || this.#lingering.size >= this.#options.keep) return false;
    const timer = setTimeout(() => session.connection?.destroy(clientCodes.timeout), LATE_ANSWER_MS);
    this.#lingering.set(session, timer);
    if (!this.#unserved.has(session)) {
      this.#unserved.add(session);
      this.#options.onLost(clientCodes.timeout);
    }
    session.served = false;
    this.#callNextToDial();
    return true;
  }

  get waiting(): number {
    return this.#applicants.size;
  }

  get open(): number {
    return this.#sessions.size;
  }

  addServed(places: Set<number>): void {
    [...this.#sessions].forEach(({ served }, place) => {
      if (served) places.add(place);
    });
  }

  forgetServed(): void {
    for (const session of this.#sessions) session.served = false;
  }

  /** Makes a first connection, so that the first operation does not pay for it. */
  async prepare(withinMs: number): Promise<Refusal | null> {
    this.#dialling += 1;
    const dialled = await this.#options.dial(withinMs);
    this.#dialling -= 1;
    if (dialled.kind === "not-connected") return { code: dialled.code, text: dialled.text };
    if (this.#closed) dialled.connection.close();
    else this.#newSession().connected(dialled.connection);
    return null;
  }

  close(): void {
    this.#closed = true;
    for (const { dial } of this.#applicants.values()) dial?.abort();
    for (const dial of this.#lingeringDials) dial.abort();
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    for (const session of this.#sessions) session.close();
    this.#sessions.clear();
  }

  ready(session: Session, nowUs: Micros): void {
    if (this.#endLingering(session)) this.#readyAgain.set(session, nowUs);
    if (session.served && this.#unserved.delete(session) && session.connection !== null)
      this.#options.onFirstServed(session.connection.readyNs, this.#readyAgain.get(session) ?? null);
    const inFlight = this.#takeNewestInTime(nowUs);
    if (inFlight !== null) session.send(inFlight, nowUs);
    else if (this.free.length >= this.#options.keep || !this.free.give(session)) {
      this.#sessions.delete(session);
      this.#unserved.delete(session);
      session.close();
    }
  }

  lost(session: Session, code: string): void {
    this.#endLingering(session);
    this.#sessions.delete(session);
    this.free.forget(session);
    if (!this.#unserved.delete(session)) this.#options.onLost(code);
    this.#callNextToDial();
  }

  refused(): void {
    // Nobody dials for a session of this kind again.
  }

  get #mayDial(): boolean {
    const { limit, dialLimit } = this.#options;
    const open = this.#sessions.size - this.#lingering.size;
    return !this.#closed && this.#dialling < dialLimit && open + this.#dialling < limit;
  }

  async #dialFor(applicant: Applicant, nowUs: Micros): Promise<void> {
    const { inFlight } = applicant;
    const dial = new AbortController();
    applicant.dial = dial;
    this.#waitingToDial -= 1;
    this.#dialling += 1;
    const withinMs = Math.max(1, (inFlight.deadlineUs - nowUs) / 1000) + LATE_ANSWER_MS;
    const dialled = await this.#options.dial(withinMs, dial.signal);
    if (!this.#lingeringDials.delete(dial)) this.#dialling -= 1;
    // Operations in flight are used again: this one may be another operation by now.
    const waits = this.#applicants.get(inFlight) === applicant;
    if (dialled.kind === "not-connected") {
      if (waits) {
        this.#leave(applicant);
        this.completed(inFlight, this.nowUs(), dialled.code, false, null);
      }
    } else if (this.#closed) {
      dialled.connection.close();
    } else {
      const session = this.#newSession();
      const atUs = this.nowUs();
      if (waits && inFlight.deadlineUs > atUs) {
        this.#leave(applicant);
        session.inFlight = inFlight;
        session.connected(dialled.connection);
        session.send(inFlight, atUs);
      } else {
        session.connected(dialled.connection);
      }
    }
    this.#callNextToDial();
  }

  /** Whether it did linger. */
  #endLingering(session: Session): boolean {
    clearTimeout(this.#lingering.get(session));
    return this.#lingering.delete(session);
  }

  #newSession(): Session {
    const session = new Session(this, "ends");
    this.#sessions.add(session);
    this.#unserved.add(session);
    return session;
  }

  /** Of those that wait for their turn, the newest; no more than `dialLimit` are passed over. */
  #callNextToDial(): void {
    if (!this.#mayDial || this.#waitingToDial === 0) return;
    let next = this.#newest;
    while (next !== null && next.dial !== null) next = next.older;
    if (next !== null) void this.#dialFor(next, this.nowUs());
  }

  #takeNewestInTime(nowUs: Micros): InFlight | null {
    for (let newest = this.#newest; newest !== null; newest = this.#newest) {
      const { inFlight } = newest;
      this.#leave(newest);
      if (inFlight.deadlineUs > nowUs) return inFlight;
      this.completed(inFlight, nowUs, clientCodes.connectTimeout, false, null);
    }
    return null;
  }

  #leave(applicant: Applicant): void {
    const { older, newer } = applicant;
    if (older !== null) older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    this.#applicants.delete(applicant.inFlight);
    if (applicant.dial === null) this.#waitingToDial -= 1;
    else if (!this.#lingeringDials.has(applicant.dial)) applicant.dial.abort();
  }
}
