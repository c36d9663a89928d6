import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { Random, RetryPolicy } from "../../../model/workload.ts";
import type { EnterBegun } from "../../wire/engine-connection.ts";
import { classify, clientCodes } from "../../wire/outcomes.ts";
import { StallWatch } from "./record/stall-watch.ts";
import { startPace, type Pace, type Paced } from "./schedule/pace.ts";
import { copyText } from "./sessions/copy-text.ts";
import type { Held } from "./sessions/free-connections.ts";
import {
  newInFlight,
  type Carrier,
  type InFlight,
  type InFlightList,
  type Route,
  type Sessions,
} from "./sessions/in-flight.ts";

/** When operations begin. */
export interface LoadSource extends Paced {
  /** Operations are due whatever became of earlier ones, so a sender that stands still leaves a line behind. */
  readonly isOpen: boolean;
  /** Intended start of what begins next without waiting for an answer; Infinity: nothing is known to come. */
  readonly nextDueUs: Micros;
  /** Nothing will begin any more. */
  readonly done: boolean;
  /** An operation has completed. Returns whether the pace is to look again. */
  completed(client: number, nowUs: Micros, refused: boolean): boolean;
  stop(): void;
  /** Where another thread begins operations. */
  enterBegun?: EnterBegun;
  /** Its own pace, where it has one. */
  startPace?(onError: (error: Error) => void): Pace;
  /** The system's number of the thread that begins its operations; null: none does, or it is not known yet. */
  readonly thread?: number | null;
}

/** An operation is due. `client`: whose, in a closed shape; else -1. */
export type Begin = (client: number, number: number, intendedUs: Micros, nowUs: Micros) => void;

/** What a load may ask of its sender. */
export interface Outlet {
  readonly begin: Begin;
  /** Makes an operation of an open load ready ahead of its time. */
  readonly draw: (number: number) => InFlight;
  /** Begins one that was drawn and noticed at `begunUs`, on the session that was taken for it; null: none was. */
  readonly beginDrawn: (
    inFlight: InFlight,
    intendedUs: Micros,
    begunUs: Micros,
    held: Held<Carrier> | null,
  ) => void;
  /** One that was drawn was sent by another thread at `begunUs`. */
  readonly enterSent: (inFlight: InFlight, intendedUs: Micros, begunUs: Micros, sent: SentElsewhere) => void;
}

/** How another thread has sent an operation. */
export interface SentElsewhere {
  readonly held: Held<Carrier>;
  /** Bytes of its message that went out. */
  readonly written: number;
  /** Those that did not; null: all did. */
  readonly rest: Buffer | null;
}

/** What an operation is, given whose it is and its number in the load. */
export interface Chosen {
  readonly route: Route;
  readonly id: number;
  /** Draws its values. */
  readonly random: Random;
}

/** Writes down what becomes of the operations. */
export interface Recorder {
  /** Has been noticed, and not yet sent. */
  began(inFlight: InFlight): void;
  /** Is too late or one too many; it lands at once. */
  neverSent(inFlight: InFlight): void;
  /** Is tried again. A recorder of operations that are tried once does without. */
  retried?(inFlight: InFlight, code: string): void;
  /** `stoodStillUs`: how long the sender stood still since it noticed the operation. */
  completed(
    inFlight: InFlight,
    nowUs: Micros,
    outcome: Outcome,
    code: string | null,
    stoodStillUs: number,
  ): void;
  /** At each sweep. A recorder that is asked for what it has does without this and the next. */
  tick?(nowUs: Micros): void;
  /** All operations have completed. */
  finish?(nowUs: Micros): void;
}

/** What a recorder asks its sender. */
export interface SenderState {
  readonly sessions: readonly Sessions[];
  readonly nextDueUs: Micros;
  /** The system's number of a second thread that sends; null: there is none, or it is not known yet. */
  readonly pacingThread: number | null;
  /** How long it stood still between these, of what was not told yet. Asked in the order of time. */
  takeStoodStill(fromUs: Micros, toUs: Micros): number;
}

export interface SenderOptions<Kind extends Recorder> {
  readonly routes: readonly Route[];
  readonly source: (outlet: Outlet) => LoadSource;
  readonly choose: (client: number, number: number) => Chosen;
  /** Whether one more operation of this route would be one too many: it is never sent. */
  readonly isFull: (route: Route) => boolean;
  readonly retry: RetryPolicy | null;
  readonly recorder: (sender: SenderState) => Kind;
  /** Nothing begins from then on; Infinity: until it is stopped. */
  readonly endUs: Micros;
  readonly nowUs: () => Micros;
  readonly epochNs: bigint;
  readonly onError: (error: Error) => void;
}

/** Sends a load, over sessions that are there already. */
export class Sender<Kind extends Recorder = Recorder> implements SenderState {
  readonly sessions: readonly Sessions[];
  readonly recorder: Kind;
  readonly #options: SenderOptions<Kind>;
  readonly #nowUs: () => Micros;
  readonly #deadlines: readonly InFlightList[];
  readonly #stalls: StallWatch;
  readonly #source: LoadSource;
  readonly #pace: Pace;
  readonly #sweeper: NodeJS.Timeout;
  readonly #spare: InFlight[] = [];
  #inFlight = 0;
  #sweptUs: Micros;
  #stopping = false;
  #resolve: () => void = () => undefined;
  /** Resolves when the recorder has been told of everything. */
  readonly ended: Promise<void>;

  constructor(options: SenderOptions<Kind>) {
    this.#options = options;
    const { routes, source, recorder, nowUs, epochNs, onError } = options;
    this.#nowUs = nowUs;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.sessions = [...new Set(routes.map(({ sessions }) => sessions))];
    for (const sessions of this.sessions) sessions.completed = this.#completed.bind(this);
    this.#deadlines = [...new Set(routes.map(({ deadlines }) => deadlines))];
    const sweepMs = sweepEveryMs(routes);
    this.#sweptUs = nowUs();
    this.#stalls = new StallWatch(this.#sweptUs, sweepMs * 1000);
    this.#source = source({
      begin: this.#begin.bind(this),
      draw: this.#draw.bind(this, NO_CLIENT),
      beginDrawn: this.#beginDrawn.bind(this),
      enterSent: this.#enterSent.bind(this),
    });
    for (const sessions of this.sessions)
      sessions.enterBegun = (answered) => this.#source.enterBegun?.(answered);
    this.recorder = recorder(this);
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
    this.#pace =
      this.#source.startPace?.(onError) ?? startPace({ paced: this.#source, nowUs, epochNs, onError });
  }

  /** Begins nothing more; `ended` resolves when what is in flight has completed. */
  stop(): void {
    this.#stopping = true;
    this.#source.stop();
  }

  get nextDueUs(): Micros {
    return this.#source.nextDueUs;
  }

  get pacingThread(): number | null {
    return this.#source.thread ?? null;
  }

  takeStoodStill(fromUs: Micros, toUs: Micros): number {
    return this.#stalls.takeWithin(fromUs, toUs);
  }

  #begin(client: number, number: number, intendedUs: Micros, nowUs: Micros): void {
    const inFlight = this.#draw(client, number);
    if (this.#enter(inFlight, intendedUs, nowUs, nowUs)) inFlight.route.sessions.begin(inFlight, nowUs);
  }

  #beginDrawn(inFlight: InFlight, intendedUs: Micros, begunUs: Micros, held: Held<Carrier> | null): void {
    const nowUs = this.#nowUs();
    this.#stalls.see(nowUs);
    // What has waited for nothing but an answer was noticed when the other thread said; anything else has waited for this
    // one, and so has what was noticed while this one stood still.
    const waited = held === null && inFlight.route.sessions.free?.shared.dials === false;
    const stoodStill = this.#stalls.totalUsAt(begunUs) < this.#stalls.totalUs;
    const begins = this.#enter(inFlight, intendedUs, waited && !stoodStill ? begunUs : nowUs, nowUs);
    const session = held !== null && isIdle(held) ? held.session : null;
    if (session === null) {
      if (begins) inFlight.route.sessions.begin(inFlight, nowUs);
    } else if (begins) session.send(inFlight, nowUs);
    else session.passOn(nowUs);
  }

  #enterSent(inFlight: InFlight, intendedUs: Micros, begunUs: Micros, sent: SentElsewhere): void {
    const nowUs = this.#nowUs();
    const { held, written, rest } = sent;
    this.#enterNoticed(inFlight, intendedUs, begunUs, nowUs);
    if (written === 0 && !isIdle(held)) {
      inFlight.route.sessions.begin(inFlight, nowUs);
      return;
    }
    inFlight.startUs = begunUs;
    inFlight.sentUs = begunUs;
    // One that is being lost tells why.
    if (held.session.connection === held.connection) held.session.sentElsewhere(inFlight, written > 0, rest);
    else this.#completed(inFlight, nowUs, clientCodes.connectionLost, true, null);
  }

  /** What an operation is, with its values. */
  #draw(client: number, number: number): InFlight {
    const { route, id, random } = this.#options.choose(client, number);
    const inFlight = this.#spare.pop() ?? newInFlight(route);
    inFlight.id = id;
    inFlight.route = route;
    inFlight.client = client;
    const { operation } = route;
    if (operation.definition.form === "copy")
      inFlight.text = operation.copyBinary?.(id, random) ?? copyText(operation, id, random, inFlight.drawn);
    else operation.draw(id, random, inFlight.drawn);
    return inFlight;
  }

  /** An operation was noticed, and is in flight from now on. Whether it may be sent. */
  #enter(inFlight: InFlight, intendedUs: Micros, noticedUs: Micros, nowUs: Micros): boolean {
    const { route, client } = inFlight;
    const full = this.#options.isFull(route);
    this.#enterNoticed(inFlight, intendedUs, noticedUs, nowUs);
    if (nowUs < inFlight.deadlineUs && !full) return true;
    this.recorder.neverSent(inFlight);
    this.#settle(inFlight, noticedUs, "failed", clientCodes.neverSent);
    this.#source.completed(client, nowUs, true);
    return false;
  }

  #enterNoticed(inFlight: InFlight, intendedUs: Micros, noticedUs: Micros, nowUs: Micros): void {
    const { route } = inFlight;
    this.#stalls.see(nowUs);
    inFlight.intendedUs = intendedUs;
    inFlight.deadlineUs = intendedUs + route.timeoutUs;
    inFlight.noticedUs = noticedUs;
    inFlight.stoodStillBeforeUs = this.#stalls.totalUsAt(noticedUs);
    inFlight.catchingUp = this.#catchesUp(intendedUs, nowUs);
    inFlight.sentUs = -1;
    inFlight.attempts = 1;
    inFlight.harmless = false;
    inFlight.doubtful = false;
    inFlight.row = null;
    inFlight.rows = null;
    this.#inFlight += 1;
    route.deadlines.add(inFlight);
    this.recorder.began(inFlight);
  }

  /** Whether what begins now may wait in a line that a stall has left. A closed load's clients leave none. */
  #catchesUp(intendedUs: Micros, nowUs: Micros): boolean {
    if (!this.#source.isOpen || !this.#stalls.catchingUp(nowUs)) return false;
    const over = intendedUs >= this.#stalls.endedUs && this.sessions.every(({ waiting }) => waiting === 0);
    if (over) this.#stalls.caughtUp();
    return !over;
  }

  #completed(
    inFlight: InFlight,
    nowUs: Micros,
    code: string | null,
    sent: boolean,
    warning: string | null,
  ): void {
    this.#stalls.see(nowUs);
    let outcome: Outcome = "ok";
    if (code !== null || warning !== null) {
      const { kind } = inFlight.route.operation.definition;
      ({ outcome, code } = classify(kind, seenOf(inFlight, code, sent, warning)));
    }
    if (code !== null && this.#mayRetry(inFlight, nowUs, code)) {
      this.recorder.retried?.(inFlight, code);
      inFlight.attempts += 1;
      inFlight.doubtful ||= outcome === "unknown";
      inFlight.harmless = false;
      inFlight.route.sessions.begin(inFlight, nowUs);
      return;
    }
    // Whatever an earlier attempt did, this one's failure does not undo.
    if (outcome === "failed" && inFlight.doubtful) outcome = "unknown";
    const { client } = inFlight;
    this.#settle(inFlight, nowUs, outcome, code);
    if (this.#source.completed(client, nowUs, code !== null && !sent)) this.#pace.look();
  }

  #settle(inFlight: InFlight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    const stoodStillUs = this.#stalls.totalUs - inFlight.stoodStillBeforeUs;
    this.recorder.completed(inFlight, nowUs, outcome, code, stoodStillUs);
    inFlight.route.deadlines.remove(inFlight);
    this.#inFlight -= 1;
    this.#spare.push(inFlight);
  }

  #mayRetry(inFlight: InFlight, nowUs: Micros, code: string): boolean {
    const { retry } = this.#options;
    return (
      retry !== null &&
      inFlight.attempts < retry.attempts &&
      nowUs < inFlight.deadlineUs &&
      !this.#stopping &&
      retry.codes.includes(code)
    );
  }

  /** Ends what has had its time, tells the recorder the time, and sees whether all is done. */
  #sweep(): void {
    this.#source.enterBegun?.();
    const nowUs = this.#nowUs();
    const { endUs } = this.#options;
    this.#stalls.see(nowUs);
    // After a stall the answers that came meanwhile are read before anything is called too late.
    const stoodStill = this.#stalls.endedUs > this.#sweptUs;
    this.#sweptUs = nowUs;
    for (const deadlines of stoodStill ? [] : this.#deadlines) {
      for (let inFlight = deadlines.passed(nowUs); inFlight !== null; inFlight = deadlines.passed(nowUs))
        this.#expire(inFlight, nowUs);
    }
    this.recorder.tick?.(nowUs);
    // Should a wake-up have failed to come; and a load with a thread of its own draws ahead.
    if (nowUs >= this.#source.nextDueUs || this.#source.startPace !== undefined) this.#pace.look();
    if (nowUs >= endUs && !this.#source.isOpen) this.#source.stop();
    if (this.#source.done && this.#inFlight === 0 && (this.#stopping || nowUs >= endUs)) this.#finish(nowUs);
  }

  #expire(inFlight: InFlight, nowUs: Micros): void {
    if (inFlight.session !== null) {
      inFlight.session.expire(inFlight);
      return;
    }
    const code = inFlight.route.sessions.drop(inFlight);
    this.#completed(inFlight, nowUs, code ?? clientCodes.connectTimeout, false, null);
  }

  #finish(nowUs: Micros): void {
    clearInterval(this.#sweeper);
    this.recorder.finish?.(nowUs);
    for (const sessions of this.sessions) sessions.close();
    // Nobody waits for the pace's thread to end.
    void this.#pace.stop();
    this.#resolve();
  }
}

/** A twentieth of the shortest time-out, within reason: operations end so much after their bound at most. */
function sweepEveryMs(routes: readonly Route[]): number {
  const shortestMs = Math.min(...routes.map(({ timeoutUs }) => timeoutUs)) / 1000;
  return Math.max(1, Math.min(10, Math.floor(shortestMs / 20)));
}

/** Whether the session can still be used as when it was put into the line. */
function isIdle({ session, connection }: Held<Carrier>): boolean {
  return session.connection === connection && session.idle;
}

const NO_CLIENT = -1;

/** A failed attempt of which nothing can have taken effect is as good as not sent. */
function seenOf(
  inFlight: InFlight,
  code: string | null,
  sent: boolean,
  warning: string | null,
): Parameters<typeof classify>[1] {
  if (code === null) return { kind: "answered", warning };
  return sent && !inFlight.harmless ? { kind: "error-after-sending", code } : { kind: "not-sent", code };
}
