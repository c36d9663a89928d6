import type { StagePhase, StagePhases } from "../../../../model/benchmark.ts";
import type { Micros } from "../../../../model/clock.ts";
import { lateShareOfTimeout, timeoutCodes, type Outcome } from "../../../../model/sample.ts";
import type { ClientSecond } from "../../../../model/stage.ts";
import type { Random } from "../../../../model/workload.ts";
import { clientCodes } from "../../../wire/outcomes.ts";
import type { StageSink } from "../../engine.ts";
import type { Recorder, SenderState } from "../sender.ts";
import type { AnswersKept, InFlight } from "../sessions/in-flight.ts";
import type { ClientGauge } from "./client-gauge.ts";
import { OperationTally } from "./operation-tally.ts";
import { tallyOf, type PhaseCounts } from "./phase-counts.ts";
import { phaseAt } from "../schedule/rate-curve.ts";
import { SampleKeeper, sampleRoom } from "./sample-keeper.ts";
import { stageIntervals, type StageInterval } from "../schedule/stage-intervals.ts";
import type { WriteOutcomesRecorder } from "./write-outcomes-recorder.ts";

/** Sent later than this for the client's own lateness: counted as late. */
const LATE_US = 1000;

/** An interval that has ended and was not handed on yet. */
interface EndedInterval {
  readonly interval: StageInterval;
  readonly counts: PhaseCounts;
  readonly tallies: readonly OperationTally[];
  readonly client: ClientSecond;
}

/**
 * Writes down what became of the operations, second by second. An operation counts in the second in which it completed; where
 * that is after the end of the phase to which its intended start belongs, in that phase's last second. So a phase's
 * last second is handed on when all of its operations have begun and completed, and those after it wait for it.
 */
export class StageRecorder implements Recorder {
  readonly #options: StageRecorderOptions;
  /** Those that are still to come. */
  readonly #intervals: StageInterval[];
  readonly #countsByPhase: Readonly<Record<StagePhase, PhaseCounts>>;
  readonly #keepers: readonly SampleKeeper[];
  /** By position of the operation; undefined: its answers are not kept. */
  readonly #answers: readonly (AnswersKept | undefined)[];
  /** Tallies that can be used again. */
  readonly #spare: (readonly OperationTally[])[] = [];
  /** Oldest first. */
  readonly #ended: EndedInterval[] = [];
  readonly #count: number;
  #current: StageInterval;
  #counts: PhaseCounts;

  constructor(options: StageRecorderOptions) {
    this.#options = options;
    this.#intervals = [...stageIntervals(options.phases, options.startedUs)];
    this.#count = this.#intervals.length;
    this.#keepers = options.operations.map(() => new SampleKeeper(options.random));
    this.#answers = options.answers;
    const newCounts = (phase: StagePhase): PhaseCounts => ({
      phase,
      underWay: 0,
      tallies: this.#newTallies(),
    });
    this.#countsByPhase = {
      warmup: newCounts("warmup"),
      steady: newCounts("steady"),
      "cool-down": newCounts("cool-down"),
    };
    const first = this.#intervals.shift();
    if (first === undefined) throw new Error("Expected a stage of some length, found none");
    this.#current = first;
    this.#counts = this.#countsByPhase[first.phase];
    this.#makeRoom();
  }

  began(inFlight: InFlight): void {
    this.#options.gauge.late(inFlight.noticedUs - inFlight.intendedUs);
    this.#countsFor(inFlight).underWay += 1;
  }

  completed(
    inFlight: InFlight,
    nowUs: Micros,
    outcome: Outcome,
    code: string | null,
    stoodStillUs: number,
  ): void {
    if (nowUs >= this.#current.toUs) this.tick(nowUs);
    const { id, route, intendedUs, startUs, sentUs } = inFlight;
    const { index } = route.operation;
    const counts = this.#countsFor(inFlight);
    const tally = tallyOf(counts, index);
    const latenessUs = inFlight.noticedUs - intendedUs;
    if (sentUs >= 0) tally.sent(sentUs - intendedUs, latenessUs > LATE_US);
    if (outcome === "ok") {
      const latencyUs = nowUs - intendedUs;
      const inTime = latencyUs <= this.#options.latencyLimitUs;
      const sendersUs = inFlight.catchingUp ? latencyUs : latenessUs + stoodStillUs;
      tally.succeeded(latencyUs, sendersUs, nowUs - startUs, inTime);
      if (inFlight.catchingUp || stoodStillUs > 0) tally.stalled();
    } else {
      tally.missed(outcome, code ?? "");
      if (wantedTime(code) && hadLessTime(inFlight, latenessUs + stoodStillUs)) tally.cutShort();
    }
    this.#keepers[index]?.offer(inFlight, nowUs, outcome, code);
    if (outcome === "ok") this.#answers[index]?.offer(inFlight);
    this.#options.writes.completed(index, id, outcome);
    counts.underWay -= 1;
    if (counts.underWay === 0 && this.#ended.length > 0) this.#handOn();
  }

  neverSent(inFlight: InFlight): void {
    tallyOf(this.#countsFor(inFlight), inFlight.route.operation.index).neverSent();
  }

  retried(inFlight: InFlight, code: string): void {
    tallyOf(this.#countsFor(inFlight), inFlight.route.operation.index).retried(code);
  }

  /** Goes on to the interval of this moment. */
  tick(nowUs: Micros): void {
    while (nowUs >= this.#current.toUs) {
      const next = this.#intervals.shift();
      if (next === undefined) break;
      this.#endCurrent(nowUs, next.phase);
      this.#current = next;
      this.#counts = this.#countsByPhase[next.phase];
      this.#counts.tallies = this.#newTallies();
      this.#makeRoom();
    }
    this.#handOn();
  }

  /** Hands on what is left. */
  finish(nowUs: Micros): void {
    this.tick(nowUs);
    this.#endCurrent(nowUs, null);
    for (const keeper of this.#keepers) keeper.begin({ served: 0, missed: 0 });
    this.#handOn();
    const { writes, gauge, sink } = this.#options;
    for (const piece of writes.pieces()) sink.writes?.(piece);
    gauge.close();
  }

  #endCurrent(nowUs: Micros, nextPhase: StagePhase | null): void {
    const { phase, toUs } = this.#current;
    this.#ended.push({
      interval: { ...this.#current, toUs: Math.min(toUs, Math.round(nowUs)) },
      counts: this.#counts,
      tallies: this.#counts.tallies,
      client: this.#readClient(nowUs, nextPhase === phase ? null : nextPhase),
    });
  }

  /** Reads the client at the end of an interval. `begins`: the phase that begins with the next one; null: none. */
  #readClient(nowUs: Micros, begins: StagePhase | null): ClientSecond {
    const { sender, gauge } = this.#options;
    const { fromUs, toUs } = this.#current;
    const served = new Set<number>();
    for (const sessions of sender.sessions) sessions.addServed(served);
    if (begins === "steady") for (const sessions of sender.sessions) sessions.forgetServed();
    const now = {
      connectionsOpen: sender.sessions.reduce((sum, { open }) => sum + open, 0),
      served: served.size,
      stoodStillUs: Math.round(sender.takeStoodStill(fromUs, toUs)),
    };
    return gauge.read(nowUs, now, sender.pacingThread);
  }

  #handOn(): void {
    const { sink, stage, operations, sender } = this.#options;
    for (let oldest = this.#ended[0]; oldest !== undefined; oldest = this.#ended[0]) {
      const { interval, counts, tallies, client } = oldest;
      const complete = counts.underWay === 0 && sender.nextDueUs >= interval.toUs;
      if (interval.lastOfPhase && !complete) return;
      this.#ended.shift();
      const { phase, fromUs, toUs } = interval;
      const seconds = tallies.map((tally) => tally.take());
      this.#spare.push(tallies);
      sink.second({ stage, phase, fromUs, toUs, operations: seconds, client });
      operations.forEach((operation, index) => {
        const rows = this.#keepers[index]?.take() ?? [];
        if (rows.length > 0) sink.samples(operation, rows);
        const answers = this.#answers[index]?.take() ?? [];
        if (answers.length > 0) sink.answers?.(operation, answers);
      });
    }
  }

  #makeRoom(): void {
    const done = this.#count - this.#intervals.length - 1;
    const { samplesKept, agents } = this.#options;
    const { served, missed } = sampleRoom(done, this.#count, samplesKept);
    const room = { served: Math.ceil(served / agents), missed: Math.ceil(missed / agents) };
    for (const keeper of this.#keepers) keeper.begin(room);
  }

  #newTallies(): readonly OperationTally[] {
    return (
      this.#spare.pop() ??
      this.#options.operations.map((name) => new OperationTally(name, { noticed: true, stalls: true }))
    );
  }

  /** Where an operation counts: by its intended start. */
  #countsFor({ intendedUs }: InFlight): PhaseCounts {
    const { startedUs, phases } = this.#options;
    return this.#countsByPhase[phaseAt(phases, (intendedUs - startedUs) / 1e6)];
  }
}

export interface StageRecorderOptions {
  readonly stage: number;
  /** Names, by position in the workload. */
  readonly operations: readonly string[];
  readonly phases: StagePhases;
  readonly startedUs: Micros;
  /** Of each operation that ended ok, by all agents together. */
  readonly samplesKept: number;
  readonly agents: number;
  readonly latencyLimitUs: Micros;
  /** Chooses the samples that are kept. */
  readonly random: Random;
  readonly gauge: ClientGauge;
  readonly writes: WriteOutcomesRecorder;
  /** By position of the operation; undefined: its answers are not kept. */
  readonly answers: readonly (AnswersKept | undefined)[];
  /** A sender that is late may still have to begin what belongs to a phase before. */
  readonly sender: SenderState;
  readonly sink: StageSink;
}

const forWantOfTime: readonly (string | null)[] = [...timeoutCodes, clientCodes.neverSent];

function wantedTime(code: string | null): boolean {
  return forWantOfTime.includes(code);
}

/** Whether the sender itself took so much of an operation's time-out that its end says nothing of the cluster. */
function hadLessTime({ catchingUp, route }: InFlight, sendersUs: Micros): boolean {
  return catchingUp || sendersUs > lateShareOfTimeout * route.timeoutUs;
}
