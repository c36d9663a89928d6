import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { StageEnd } from "../../../model/stage.ts";
import { classify, clientCodes } from "../../outcomes.ts";
import { seededRandom } from "../../seeded-random.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { chooseByWeight, divideClients } from "./choose-operation.ts";
import { ClientGauge } from "./client-gauge.ts";
import { ClosedLoad, clientsOf } from "./closed-load.ts";
import { compileOperation, type CompiledOperation } from "./compile-operation.ts";
import { copyText } from "./copy-text.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dial } from "./dialler.ts";
import type { EngineClock } from "./engine-clock.ts";
import { newFlight, type Flight } from "./flight.ts";
import { OpenLoad } from "./open-load.ts";
import { openSchedule, type Share } from "./open-schedule.ts";
import { operationRandom } from "./operation-random.ts";
import { startPace, type Pace } from "./pace.ts";
import type { Refusal } from "./prepare-sessions.ts";
import { openSessions } from "./open-sessions.ts";
import type { Sessions } from "./sessions.ts";
import { StageRecorder } from "./stage-recorder.ts";

export interface SenderOptions {
  readonly load: EngineLoad;
  readonly share: Share;
  readonly clock: EngineClock;
  readonly dial: { readonly readWrite: Dial; readonly readOnly: Dial };
  readonly sink: StageSink;
  readonly onError: (error: Error) => void;
}

/** Flights that wait for a connection at most, beyond twice what can be due within the time-out. */
const WAITING_AT_LEAST = 64;
const WAITING_AT_MOST = 100_000;

/** Sends one agent's share of a stage. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #operations: readonly CompiledOperation[];
  readonly #deadlines = new Map<number, Deadlines>();
  /** By position of the operation. */
  readonly #deadlinesOf: readonly { readonly list: Deadlines; readonly timeoutUs: Micros }[];
  readonly #sessionsOf: readonly Sessions[];
  readonly #sessions: readonly Sessions[];
  readonly #random;
  readonly #choose: (client: number) => number;
  readonly #waitingLimit: number;
  readonly #spare: Flight[] = [];
  #inFlight = 0;
  #running: RunningSender | null = null;
  #stopping = false;
  #nextDueUs = Infinity;
  #end: (end: StageEnd) => void = () => undefined;
  /** Resolves when everything has been given to the sink. */
  readonly ended: Promise<StageEnd>;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { load, share, clock } = options;
    const { definition, client, shape } = load;
    this.#operations = definition.operations.map(compileOperation);
    this.#random = operationRandom(load.seed, load.stage);
    this.#deadlinesOf = definition.operations.map(({ timeoutMs }) => {
      const timeoutUs = (timeoutMs ?? client.timeoutMs) * 1000;
      const list = this.#deadlines.get(timeoutUs) ?? new Deadlines();
      this.#deadlines.set(timeoutUs, list);
      return { list, timeoutUs };
    });
    const opened = openSessions({
      load,
      share,
      dial: options.dial,
      nowUs: clock.nowUs,
      landed: (flight, nowUs, code, sent, warning) => this.#landed(flight, nowUs, code, sent, warning),
    });
    this.#sessions = opened.all;
    this.#sessionsOf = opened.byOperation;
    this.#choose = this.#chooser();
    const rate = shape.kind === "open" ? highestRate(shape.rate) / share.of : 0;
    const dueWithinTimeout = (rate * client.timeoutMs) / 1000;
    this.#waitingLimit =
      shape.kind === "closed"
        ? Infinity
        : Math.min(Math.max(WAITING_AT_LEAST, 2 * dueWithinTimeout), WAITING_AT_MOST);
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Makes the first connections. Why not, when none could be made to one of the entries. */
  async prepare(withinMs: number): Promise<Refusal | null> {
    const refusals = await Promise.all(this.#sessions.map((sessions) => sessions.prepare(withinMs)));
    return refusals.find((refusal) => refusal !== null) ?? null;
  }

  begin(startedUs: Micros): void {
    const { load, share, clock, sink, onError } = this.#options;
    const { shape, phases, client, stage, seed } = load;
    const { nowUs } = clock;
    const steadyUs = startedUs + phases.warmupSeconds * 1e6;
    const coolDownUs = steadyUs + phases.steadySeconds * 1e6;
    const endUs = coolDownUs + phases.coolDownSeconds * 1e6;
    const gauge = new ClientGauge(share.agent, startedUs);
    const recorder = new StageRecorder({
      stage,
      operations: this.#operations.map(({ definition }) => definition.name),
      phases,
      startedUs,
      samplesKept: Math.ceil(client.samplesKept / share.of),
      latencyLimitUs: client.latencyLimitMs * 1000,
      random: seededRandom(seed, `stage ${stage} samples of ${share.agent}`),
      client: (atUs, phaseEnds) => {
        const open = this.#sessions.reduce((sum, sessions) => sum + sessions.open, 0);
        const served = this.#sessions.reduce((sum, sessions) => sum + sessions.served, 0);
        if (phaseEnds && atUs < coolDownUs) for (const sessions of this.#sessions) sessions.forgetServed();
        return gauge.read(atUs, open, served);
      },
      sink,
    });
    const source =
      shape.kind === "open"
        ? new OpenLoad({
            schedule: openSchedule({ ...shape, phases, seed, stage, share }),
            startedUs,
            nowUs,
            begin: (number, intendedUs, atUs) => this.#begin(-1, number, intendedUs, atUs),
          })
        : new ClosedLoad({
            clients: shape.clients,
            share,
            thinkUs: shape.thinkTimeMs * 1000,
            startedUs,
            endUs,
            nowUs,
            begin: (clientNumber, number, intendedUs, atUs) =>
              this.#begin(clientNumber, number, intendedUs, atUs),
          });
    const paced = { beginDue: () => (this.#nextDueUs = source.beginDue()) };
    const shortestUs = Math.min(...this.#deadlines.keys());
    const sweepMs = Math.max(1, Math.min(10, Math.floor(shortestUs / 20_000)));
    this.#running = {
      gauge,
      recorder,
      source,
      steadyUs,
      coolDownUs,
      endUs,
      sweeper: setInterval(() => this.#sweep(), sweepMs),
      pace: null,
    };
    this.#running.pace = startPace({
      pacing: client.pacing,
      paced,
      nowUs,
      epochNs: load.epochNs,
      onError,
    });
  }

  /** Begins nothing more; `ended` resolves when what is in flight has landed. */
  stop(): void {
    this.#stopping = true;
    this.#running?.source.stop();
    if (this.#running === null) {
      this.#close();
      this.#end({ kind: "complete" });
    }
  }

  #begin(client: number, number: number, intendedUs: Micros, nowUs: Micros): void {
    const running = this.#running!;
    this.#random.begin(number);
    const index = this.#choose(client);
    const operation = this.#operations[index]!;
    const { list, timeoutUs } = this.#deadlinesOf[index]!;
    const flight = this.#spare.pop() ?? newFlight(operation);
    flight.id = this.#options.load.firstId + number;
    flight.operation = operation;
    flight.phase = intendedUs < running.steadyUs ? 0 : intendedUs < running.coolDownUs ? 1 : 2;
    flight.intendedUs = intendedUs;
    flight.deadlineUs = intendedUs + timeoutUs;
    flight.noticedUs = nowUs;
    flight.sentUs = -1;
    flight.attempts = 1;
    flight.harmless = false;
    flight.doubtful = false;
    flight.client = client;
    this.#inFlight += 1;
    list.add(flight);
    running.recorder.began(flight.phase);
    running.gauge.late(nowUs - intendedUs);
    const sessions = this.#sessionsOf[index]!;
    if (nowUs >= flight.deadlineUs || sessions.waiting >= this.#waitingLimit) {
      running.recorder.neverSent(flight);
      this.#settle(flight, nowUs, "failed", clientCodes.neverSent);
      return;
    }
    if (operation.definition.form === "copy")
      flight.text = copyText(operation, flight.id, this.#random.next, flight.drawn);
    else operation.draw(flight.id, this.#random.next, flight.drawn);
    sessions.begin(flight, nowUs);
  }

  #landed(flight: Flight, nowUs: Micros, code: string | null, sent: boolean, warning: string | null): void {
    const { recorder, source, pace } = this.#running!;
    let outcome: Outcome = "ok";
    if (code !== null || warning !== null) {
      const classified = classify(flight.operation.definition.kind, seenOf(flight, code, sent, warning));
      outcome = classified.outcome;
      code = classified.code;
    }
    if (code !== null && this.#mayRetry(flight, nowUs, code)) {
      recorder.retried(flight, code);
      flight.attempts += 1;
      flight.doubtful ||= outcome === "unknown";
      flight.harmless = false;
      this.#sessionsOf[flight.operation.index]!.begin(flight, nowUs);
      return;
    }
    if (outcome === "failed" && flight.doubtful) outcome = "unknown";
    const { client } = flight;
    this.#settle(flight, nowUs, outcome, code);
    if (source instanceof ClosedLoad) {
      if (source.landed(client, nowUs, code !== null && !sent)) pace?.look();
    } else if (nowUs >= this.#nextDueUs) {
      pace?.look();
    }
  }

  #settle(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    this.#running!.recorder.landed(flight, nowUs, outcome, code);
    this.#deadlinesOf[flight.operation.index]!.list.remove(flight);
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
    const { recorder, source, endUs } = this.#running!;
    const nowUs = this.#options.clock.nowUs();
    for (const list of this.#deadlines.values()) {
      for (let flight = list.passed(nowUs); flight !== null; flight = list.passed(nowUs))
        this.#expire(flight, nowUs);
    }
    recorder.tick(nowUs);
    if (source instanceof ClosedLoad && nowUs >= endUs) source.stop();
    if (source.done && this.#inFlight === 0 && (this.#stopping || nowUs >= endUs)) void this.#finish(nowUs);
  }

  #expire(flight: Flight, nowUs: Micros): void {
    if (flight.session !== null) {
      flight.session.expire(flight);
      return;
    }
    const code = this.#sessionsOf[flight.operation.index]!.drop(flight);
    this.#landed(flight, nowUs, code ?? clientCodes.connectTimeout, false, null);
  }

  async #finish(nowUs: Micros): Promise<void> {
    const { recorder, gauge, pace, sweeper } = this.#running!;
    clearInterval(sweeper);
    recorder.finish(nowUs);
    gauge.close();
    this.#close();
    await pace?.stop();
    this.#end({ kind: "complete" });
  }

  #close(): void {
    for (const sessions of this.#sessions) sessions.close();
  }

  /** Of a closed shape whose clients keep to one operation: by client. Else by chance. */
  #chooser(): (client: number) => number {
    const { load, share } = this.#options;
    const { shape, client, definition } = load;
    const weights = definition.operations.map(({ weight }) => weight);
    const choose = chooseByWeight(weights);
    if (shape.kind === "open" || client.mix === "per-operation") return () => choose(this.#random.next);
    const divided = divideClients(weights, shape.clients);
    const own = Array.from(
      { length: clientsOf(share, shape.clients) },
      (_, index) => divided[index * share.of + share.agent - 1] ?? 0,
    );
    return (index) => own[index] ?? 0;
  }
}

interface RunningSender {
  readonly gauge: ClientGauge;
  readonly recorder: StageRecorder;
  readonly source: OpenLoad | ClosedLoad;
  readonly steadyUs: Micros;
  readonly coolDownUs: Micros;
  readonly endUs: Micros;
  readonly sweeper: NodeJS.Timeout;
  pace: Pace | null;
}

function seenOf(
  flight: Flight,
  code: string | null,
  sent: boolean,
  warning: string | null,
): Parameters<typeof classify>[1] {
  if (code === null) return { kind: "answered", warning };
  return sent && !flight.harmless ? { kind: "error-after-sending", code } : { kind: "not-sent", code };
}

function highestRate(rate: Extract<EngineLoad["shape"], { kind: "open" }>["rate"]): number {
  switch (rate.kind) {
    case "constant":
      return rate.perSecond;
    case "ramp":
      return Math.max(rate.fromPerSecond, rate.toPerSecond);
    case "steps":
      return Math.max(...rate.perSecond);
  }
}
