import type { StagePhase } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { StageEnd } from "../../../model/stage.ts";
import { classify, clientCodes } from "../../wire/outcomes.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { chooseOperation } from "./schedule/choose-operation.ts";
import { ClientGauge } from "./record/client-gauge.ts";
import { ClosedLoad } from "./schedule/closed-load.ts";
import { copyText } from "./sessions/copy-text.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { newFlight, type Flight, type FlightList, type Lane, type Sessions } from "./sessions/flight.ts";
import { OpenLoad } from "./schedule/open-load.ts";
import { openSchedule, type Share } from "./schedule/open-schedule.ts";
import { operationRandom, type OperationRandom } from "./schedule/operation-random.ts";
import { ScheduleAhead } from "./schedule/schedule-ahead.ts";
import { startPace, type Pace } from "./schedule/pace.ts";
import type { StageInterval } from "./schedule/stage-intervals.ts";
import { StageRecorder } from "./record/stage-recorder.ts";
import { StallWatch } from "./record/stall-watch.ts";
import { waitingLimit } from "./sessions/waiting-limit.ts";
import { WriteBook } from "./record/write-book.ts";

export interface SenderOptions {
  readonly load: EngineLoad;
  readonly share: Share;
  readonly clock: EngineClock;
  /** By position of the operation. */
  readonly lanes: readonly Lane[];
  /** When the warm-up begins. */
  readonly startedUs: Micros;
  readonly sink: StageSink;
  readonly onError: (error: Error) => void;
}

/** Sends one agent's share of a stage, over sessions that are there already. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #sessions: readonly Sessions[];
  readonly #deadlines: readonly FlightList[];
  readonly #endUs: Micros;
  readonly #random: OperationRandom;
  readonly #choose: (client: number) => number;
  readonly #waitingLimit: number;
  readonly #gauge: ClientGauge;
  readonly #stalls: StallWatch;
  readonly #recorder: StageRecorder;
  readonly #writes: WriteBook;
  readonly #open: OpenLoad | null;
  readonly #closed: ClosedLoad | null;
  readonly #pace: Pace;
  readonly #sweeper: NodeJS.Timeout;
  readonly #spare: Flight[] = [];
  #inFlight = 0;
  #nextDueUs = Infinity;
  #sweptUs: Micros;
  #stopping = false;
  #resolve: (end: StageEnd) => void = () => undefined;
  /** Resolves when everything has been given to the sink. */
  readonly ended: Promise<StageEnd>;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { load, share, clock, lanes, startedUs, sink, onError } = options;
    const { stage, seed, shape, phases, client } = load;
    const { nowUs } = clock;
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.#sessions = [...new Set(lanes.map(({ sessions }) => sessions))];
    for (const sessions of this.#sessions) sessions.landed = this.#landed.bind(this);
    this.#deadlines = [...new Set(lanes.map(({ deadlines }) => deadlines))];
    this.#random = operationRandom(seed, stage);
    this.#choose = chooseOperation(load, share, this.#random.next);
    this.#waitingLimit = waitingLimit(load, share);
    const { warmupSeconds, steadySeconds, coolDownSeconds } = phases;
    this.#endUs = startedUs + (warmupSeconds + steadySeconds + coolDownSeconds) * 1e6;
    this.#gauge = new ClientGauge(share.agent, startedUs);
    const sweepMs = sweepEveryMs(lanes);
    this.#sweptUs = nowUs();
    this.#stalls = new StallWatch(this.#sweptUs, sweepMs * 1000);
    this.#recorder = new StageRecorder({
      stage,
      operations: lanes.map(({ operation }) => operation.definition.name),
      phases,
      startedUs,
      samplesKept: client.samplesKept,
      agents: share.of,
      latencyLimitUs: client.latencyLimitMs * 1000,
      random: seededRandom(seed, `stage ${stage} samples of ${share.agent}`),
      nextDueUs: () => (this.#open ?? this.#closed)?.nextDueUs ?? Infinity,
      client: this.#readClient.bind(this),
      sink,
    });
    this.#writes = new WriteBook(
      lanes.map(({ operation }) => operation.definition),
      load.firstId,
    );
    const schedule =
      shape.kind === "closed"
        ? null
        : new ScheduleAhead(openSchedule({ ...shape, phases, seed, stage, share }), startedUs);
    this.#open =
      schedule === null
        ? null
        : new OpenLoad({
            schedule,
            nowUs,
            begin: (number, intendedUs, atUs) => this.#begin(NO_CLIENT, number, intendedUs, atUs),
          });
    this.#closed =
      shape.kind === "open"
        ? null
        : new ClosedLoad({
            clients: shape.clients,
            share,
            thinkUs: shape.thinkTimeMs * 1000,
            startedUs,
            endUs: this.#endUs,
            nowUs,
            begin: this.#begin.bind(this),
          });
    const source = this.#open ?? this.#closed;
    const beginDue = (): Micros => (this.#nextDueUs = source?.beginDue() ?? Infinity);
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
    this.#pace = startPace({
      pacing: client.pacing,
      paced: { beginDue },
      schedule: schedule?.shared ?? null,
      nowUs,
      epochNs: load.epochNs,
      onError,
    });
  }

  /** Begins nothing more; `ended` resolves when what is in flight has landed. */
  stop(): void {
    this.#stopping = true;
    this.#open?.stop();
    this.#closed?.stop();
  }

  #begin(client: number, number: number, intendedUs: Micros, nowUs: Micros): void {
    this.#stalls.see(nowUs);
    this.#random.begin(number);
    const lane = this.#options.lanes[this.#choose(client)];
    if (lane === undefined) throw new Error("Expected an operation to begin, found none");
    const book = this.#recorder.began(intendedUs);
    const flight = this.#spare.pop() ?? newFlight(lane, book);
    flight.id = this.#options.load.firstId + number;
    flight.lane = lane;
    flight.book = book;
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
    this.#inFlight += 1;
    lane.deadlines.add(flight);
    this.#gauge.late(nowUs - intendedUs);
    if (nowUs >= flight.deadlineUs || lane.sessions.waiting >= this.#waitingLimit) {
      this.#recorder.neverSent(flight);
      this.#settle(flight, nowUs, "failed", clientCodes.neverSent);
      this.#closed?.landed(client, nowUs, true);
      return;
    }
    const { operation } = lane;
    if (operation.definition.form === "copy")
      flight.text = copyText(operation, flight.id, this.#random.next, flight.drawn);
    else operation.draw(flight.id, this.#random.next, flight.drawn);
    lane.sessions.begin(flight, nowUs);
  }

  /** Whether what begins now may wait in a line that a stall has left. A closed load's clients leave none. */
  #catchesUp(intendedUs: Micros, nowUs: Micros): boolean {
    if (this.#open === null || !this.#stalls.catchingUp(nowUs)) return false;
    const over = intendedUs >= this.#stalls.endedUs && this.#sessions.every(({ waiting }) => waiting === 0);
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
      this.#recorder.retried(flight, code);
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
    if (this.#closed !== null) {
      if (this.#closed.landed(client, nowUs, code !== null && !sent)) this.#pace.look();
    } else if (nowUs >= this.#nextDueUs) {
      this.#pace.look();
    }
  }

  #settle(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    const stoodStillUs = this.#stalls.totalUs - flight.stoodStillBeforeUs;
    this.#recorder.landed(flight, nowUs, outcome, code, stoodStillUs);
    this.#writes.landed(flight.lane.operation.index, flight.id, outcome);
    flight.lane.deadlines.remove(flight);
    this.#inFlight -= 1;
    this.#spare.push(flight);
  }

  #mayRetry(flight: Flight, nowUs: Micros, code: string): boolean {
    const { retry } = this.#options.load.definition;
    return (
      retry !== null &&
      flight.attempts < retry.attempts &&
      nowUs < flight.deadlineUs &&
      !this.#stopping &&
      retry.codes.includes(code)
    );
  }

  /** Ends what has had its time, goes on to the next second, and sees whether all is done. */
  #sweep(): void {
    const nowUs = this.#options.clock.nowUs();
    this.#stalls.see(nowUs);
    // After a stall the answers that came meanwhile are read before anything is called too late.
    const stoodStill = this.#stalls.endedUs > this.#sweptUs;
    this.#sweptUs = nowUs;
    for (const deadlines of stoodStill ? [] : this.#deadlines) {
      for (let flight = deadlines.passed(nowUs); flight !== null; flight = deadlines.passed(nowUs))
        this.#expire(flight, nowUs);
    }
    this.#recorder.tick(nowUs);
    // Should a wake-up have failed to come.
    if (nowUs >= this.#nextDueUs) this.#pace.look();
    if (nowUs >= this.#endUs) this.#closed?.stop();
    const done = (this.#open?.done ?? true) && (this.#closed?.done ?? true) && this.#inFlight === 0;
    if (done && (this.#stopping || nowUs >= this.#endUs)) this.#finish(nowUs);
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
    this.#recorder.finish(nowUs);
    for (const piece of this.#writes.pieces()) this.#options.sink.writes?.(piece);
    this.#gauge.close();
    for (const sessions of this.#sessions) sessions.close();
    // Nobody waits for the pace's thread to end.
    void this.#pace.stop();
    this.#resolve({ kind: "complete" });
  }

  #readClient(
    { fromUs, toUs }: StageInterval,
    nowUs: Micros,
    begins: StagePhase | null,
  ): ReturnType<ClientGauge["read"]> {
    const open = this.#sessions.reduce((sum, sessions) => sum + sessions.open, 0);
    const served = new Set<number>();
    for (const sessions of this.#sessions) sessions.addServed(served);
    if (begins === "steady") for (const sessions of this.#sessions) sessions.forgetServed();
    return this.#gauge.read(nowUs, {
      connectionsOpen: open,
      served: served.size,
      stoodStillUs: Math.round(this.#stalls.takeWithin(fromUs, toUs)),
    });
  }
}

const NO_CLIENT = -1;

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
