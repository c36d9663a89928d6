import type { Pacing } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { Random, RetryPolicy } from "../../../model/workload.ts";
import { classify, clientCodes } from "../../wire/outcomes.ts";
import { StallWatch } from "./record/stall-watch.ts";
import { startPace, type Pace, type Paced } from "./schedule/pace.ts";
import type { SharedSchedule } from "./schedule/schedule-ahead.ts";
import { copyText } from "./sessions/copy-text.ts";
import { newFlight, type Flight, type FlightList, type Lane, type Sessions } from "./sessions/flight.ts";

/** When operations begin. */
export interface LoadSource extends Paced {
  /** Operations are due whatever became of earlier ones, so a sender that stands still leaves a line behind. */
  readonly isOpen: boolean;
  /** Intended start of what begins next without waiting for an answer; Infinity: nothing is known to come. */
  readonly nextDueUs: Micros;
  /** Nothing will begin any more. */
  readonly done: boolean;
  /** An operation has landed. Returns whether the pace is to look again. */
  landed(client: number, nowUs: Micros, refused: boolean): boolean;
  stop(): void;
}

/** An operation is due. `client`: whose, in a closed shape; else -1. */
export type Begin = (client: number, number: number, intendedUs: Micros, nowUs: Micros) => void;

/** What an operation is, given whose it is and its number in the load. */
export interface Chosen {
  readonly lane: Lane;
  readonly id: number;
  /** Draws its values. */
  readonly random: Random;
}

/** Writes down what becomes of the flights. */
export interface Recorder {
  /** Has been noticed, and not yet sent. */
  began(flight: Flight): void;
  /** Is too late or one too many; it lands at once. */
  neverSent(flight: Flight): void;
  /** Is tried again. A recorder of operations that are tried once does without. */
  retried?(flight: Flight, code: string): void;
  /** `stoodStillUs`: how long the sender stood still since it noticed the flight. */
  landed(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null, stoodStillUs: number): void;
  /** At each sweep. A recorder that is asked for what it has does without this and the next. */
  tick?(nowUs: Micros): void;
  /** Everything has landed. */
  finish?(nowUs: Micros): void;
}

/** What a recorder asks its sender. */
export interface SenderState {
  readonly sessions: readonly Sessions[];
  readonly nextDueUs: Micros;
  /** How long it stood still between these, of what was not told yet. Asked in the order of time. */
  takeStoodStill(fromUs: Micros, toUs: Micros): number;
}

export interface SenderOptions<Kind extends Recorder> {
  readonly lanes: readonly Lane[];
  readonly source: (begin: Begin) => LoadSource;
  readonly choose: (client: number, number: number) => Chosen;
  /** Whether one more operation of this lane would be one too many: it is never sent. */
  readonly isFull: (lane: Lane) => boolean;
  readonly retry: RetryPolicy | null;
  readonly recorder: (sender: SenderState) => Kind;
  /** Nothing begins from then on; Infinity: until it is stopped. */
  readonly endUs: Micros;
  readonly pacing: Pacing;
  /** The source's, where it has one. */
  readonly schedule: SharedSchedule | null;
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
  readonly #deadlines: readonly FlightList[];
  readonly #stalls: StallWatch;
  readonly #source: LoadSource;
  readonly #pace: Pace;
  readonly #sweeper: NodeJS.Timeout;
  readonly #spare: Flight[] = [];
  #inFlight = 0;
  #sweptUs: Micros;
  #stopping = false;
  #resolve: () => void = () => undefined;
  /** Resolves when the recorder has been told of everything. */
  readonly ended: Promise<void>;

  constructor(options: SenderOptions<Kind>) {
    this.#options = options;
    const { lanes, source, recorder, pacing, schedule, nowUs, epochNs, onError } = options;
    this.#nowUs = nowUs;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.sessions = [...new Set(lanes.map(({ sessions }) => sessions))];
    for (const sessions of this.sessions) sessions.landed = this.#landed.bind(this);
    this.#deadlines = [...new Set(lanes.map(({ deadlines }) => deadlines))];
    const sweepMs = sweepEveryMs(lanes);
    this.#sweptUs = nowUs();
    this.#stalls = new StallWatch(this.#sweptUs, sweepMs * 1000);
    this.#source = source(this.#begin.bind(this));
    this.recorder = recorder(this);
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
    this.#pace = startPace({ pacing, paced: this.#source, schedule, nowUs, epochNs, onError });
  }

  /** Begins nothing more; `ended` resolves when what is in flight has landed. */
  stop(): void {
    this.#stopping = true;
    this.#source.stop();
  }

  get nextDueUs(): Micros {
    return this.#source.nextDueUs;
  }

  takeStoodStill(fromUs: Micros, toUs: Micros): number {
    return this.#stalls.takeWithin(fromUs, toUs);
  }

  #begin(client: number, number: number, intendedUs: Micros, nowUs: Micros): void {
    this.#stalls.see(nowUs);
    const { lane, id, random } = this.#options.choose(client, number);
    const flight = this.#spare.pop() ?? newFlight(lane);
    flight.id = id;
    flight.lane = lane;
    flight.intendedUs = intendedUs;
    flight.deadlineUs = intendedUs + lane.timeoutUs;
    flight.noticedUs = nowUs;
    flight.stoodStillBeforeUs = this.#stalls.totalUs;
    flight.catchingUp = this.#catchesUp(intendedUs, nowUs);
    flight.sentUs = -1;
    flight.attempts = 1;
    flight.harmless = false;
    flight.doubtful = false;
    flight.client = client;
    flight.row = null;
    const full = this.#options.isFull(lane);
    this.#inFlight += 1;
    lane.deadlines.add(flight);
    this.recorder.began(flight);
    if (nowUs >= flight.deadlineUs || full) {
      this.recorder.neverSent(flight);
      this.#settle(flight, nowUs, "failed", clientCodes.neverSent);
      this.#source.landed(client, nowUs, true);
      return;
    }
    const { operation } = lane;
    if (operation.definition.form === "copy")
      flight.text = copyText(operation, flight.id, random, flight.drawn);
    else operation.draw(flight.id, random, flight.drawn);
    lane.sessions.begin(flight, nowUs);
  }

  /** Whether what begins now may wait in a line that a stall has left. A closed load's clients leave none. */
  #catchesUp(intendedUs: Micros, nowUs: Micros): boolean {
    if (!this.#source.isOpen || !this.#stalls.catchingUp(nowUs)) return false;
    const over = intendedUs >= this.#stalls.endedUs && this.sessions.every(({ waiting }) => waiting === 0);
    if (over) this.#stalls.caughtUp();
    return !over;
  }

  #landed(flight: Flight, nowUs: Micros, code: string | null, sent: boolean, warning: string | null): void {
    this.#stalls.see(nowUs);
    let outcome: Outcome = "ok";
    if (code !== null || warning !== null) {
      const { kind } = flight.lane.operation.definition;
      ({ outcome, code } = classify(kind, seenOf(flight, code, sent, warning)));
    }
    if (code !== null && this.#mayRetry(flight, nowUs, code)) {
      this.recorder.retried?.(flight, code);
      flight.attempts += 1;
      flight.doubtful ||= outcome === "unknown";
      flight.harmless = false;
      flight.lane.sessions.begin(flight, nowUs);
      return;
    }
    // Whatever an earlier attempt did, this one's failure does not undo.
    if (outcome === "failed" && flight.doubtful) outcome = "unknown";
    const { client } = flight;
    this.#settle(flight, nowUs, outcome, code);
    if (this.#source.landed(client, nowUs, code !== null && !sent)) this.#pace.look();
  }

  #settle(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    const stoodStillUs = this.#stalls.totalUs - flight.stoodStillBeforeUs;
    this.recorder.landed(flight, nowUs, outcome, code, stoodStillUs);
    flight.lane.deadlines.remove(flight);
    this.#inFlight -= 1;
    this.#spare.push(flight);
  }

  #mayRetry(flight: Flight, nowUs: Micros, code: string): boolean {
    const { retry } = this.#options;
    return (
      retry !== null &&
      flight.attempts < retry.attempts &&
      nowUs < flight.deadlineUs &&
      !this.#stopping &&
      retry.codes.includes(code)
    );
  }

  /** Ends what has had its time, tells the recorder the time, and sees whether all is done. */
  #sweep(): void {
    const nowUs = this.#nowUs();
    const { endUs } = this.#options;
    this.#stalls.see(nowUs);
    // After a stall the answers that came meanwhile are read before anything is called too late.
    const stoodStill = this.#stalls.endedUs > this.#sweptUs;
    this.#sweptUs = nowUs;
    for (const deadlines of stoodStill ? [] : this.#deadlines) {
      for (let flight = deadlines.passed(nowUs); flight !== null; flight = deadlines.passed(nowUs))
        this.#expire(flight, nowUs);
    }
    this.recorder.tick?.(nowUs);
    // Should a wake-up have failed to come.
    if (nowUs >= this.#source.nextDueUs) this.#pace.look();
    if (nowUs >= endUs && !this.#source.isOpen) this.#source.stop();
    if (this.#source.done && this.#inFlight === 0 && (this.#stopping || nowUs >= endUs)) this.#finish(nowUs);
  }

  #expire(flight: Flight, nowUs: Micros): void {
    if (flight.session !== null) {
      flight.session.expire(flight);
      return;
    }
    const code = flight.lane.sessions.drop(flight);
    this.#landed(flight, nowUs, code ?? clientCodes.connectTimeout, false, null);
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
function sweepEveryMs(lanes: readonly Lane[]): number {
  const shortestMs = Math.min(...lanes.map(({ timeoutUs }) => timeoutUs)) / 1000;
  return Math.max(1, Math.min(10, Math.floor(shortestMs / 20)));
}

/** A failed attempt of which nothing can have taken effect is as good as not sent. */
function seenOf(
  flight: Flight,
  code: string | null,
  sent: boolean,
  warning: string | null,
): Parameters<typeof classify>[1] {
  if (code === null) return { kind: "answered", warning };
  return sent && !flight.harmless ? { kind: "error-after-sending", code } : { kind: "not-sent", code };
}
