import type { StagePhases } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { ClientSecond } from "../../../model/stage.ts";
import type { Random } from "../../../model/workload.ts";
import type { StageSink } from "../engine.ts";
import type { Flight } from "./flight.ts";
import { OperationTally } from "./operation-tally.ts";
import { roomOf, SampleKeeper } from "./sample-keeper.ts";
import { stageIntervals, stagePhases, type StageInterval } from "./stage-intervals.ts";

/** Sent later than this for the client's own lateness: counted as late. */
const LATE_US = 1000;

/** Tallies of an interval that is going on, or whose phase has flights still under way. */
interface OpenInterval {
  readonly interval: StageInterval;
  readonly tallies: readonly OperationTally[];
  readonly client: ClientSecond;
}

/**
 * Writes down what became of the flights, second by second. A flight counts in the second in which it landed; where
 * that is after the end of the phase to which its intended start belongs, in that phase's last second. So a phase's
 * last second is handed on when the last of its flights has landed, and those after it wait for it.
 */
export class StageRecorder {
  readonly #options: StageRecorderOptions;
  readonly #intervals: readonly StageInterval[];
  readonly #keepers: readonly SampleKeeper[];
  /** Flights under way, by phase. */
  readonly #underWay = [0, 0, 0];
  /** Intervals that have ended and were not handed on, oldest first. */
  #ended: OpenInterval[] = [];
  /** Tallies that can be used again. */
  readonly #spare: (readonly OperationTally[])[] = [];
  /** Where a flight of each phase counts that landed now. */
  readonly #tallies: (readonly OperationTally[])[];
  #current = 0;
  #toUs: Micros;

  constructor(options: StageRecorderOptions) {
    this.#options = options;
    this.#intervals = stageIntervals(options.phases, options.startedUs);
    this.#keepers = options.operations.map(() => new SampleKeeper(options.random));
    const first = this.#newTallies();
    this.#tallies = stagePhases.map(() => first);
    this.#toUs = this.#intervals[0]?.toUs ?? options.startedUs;
    this.#makeRoom();
  }

  /** It is due. */
  began(phase: number): void {
    this.#underWay[phase]! += 1;
  }

  landed(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    if (nowUs >= this.#toUs) this.tick(nowUs);
    const { operation, intendedUs, startUs, sentUs, phase } = flight;
    const tally = this.#tallies[phase]![operation.index]!;
    const keeper = this.#keepers[operation.index]!;
    if (sentUs >= 0) tally.sent(sentUs - intendedUs, flight.noticedUs - intendedUs > LATE_US);
    if (outcome === "ok") {
      const latencyUs = nowUs - intendedUs;
      tally.succeeded(latencyUs, nowUs - startUs, latencyUs <= this.#options.latencyLimitUs);
      const place = keeper.place();
      if (place >= 0) keeper.put(place, rowOf(flight, nowUs, outcome, code));
    } else {
      tally.missed(outcome, code ?? "");
      keeper.failed(rowOf(flight, nowUs, outcome, code));
    }
    this.#underWay[phase]! -= 1;
    if (this.#underWay[phase] === 0 && this.#ended.length > 0) this.#handOn();
  }

  neverSent(flight: Flight): void {
    this.#tallies[flight.phase]![flight.operation.index]!.neverSent();
  }

  retried(flight: Flight, code: string): void {
    this.#tallies[flight.phase]![flight.operation.index]!.retried(code);
  }

  /** Goes on to the interval of this moment. */
  tick(nowUs: Micros): void {
    while (nowUs >= this.#toUs && this.#current < this.#intervals.length - 1) {
      this.#endCurrent(nowUs);
      this.#current += 1;
      const interval = this.#intervals[this.#current]!;
      this.#toUs = interval.toUs;
      this.#tallies[stagePhases.indexOf(interval.phase)] = this.#newTallies();
      this.#makeRoom();
    }
    if (nowUs >= this.#toUs) this.#toUs = Infinity;
    this.#handOn();
  }

  /** Everything has landed: hands on what is left. */
  finish(nowUs: Micros): void {
    this.tick(nowUs);
    this.#endCurrent(nowUs);
    for (const keeper of this.#keepers) keeper.begin(0);
    this.#underWay.fill(0);
    this.#handOn();
  }

  #endCurrent(nowUs: Micros): void {
    const interval = this.#intervals[this.#current];
    if (interval === undefined) return;
    const tallies = this.#tallies[stagePhases.indexOf(interval.phase)]!;
    const next = this.#intervals[this.#current + 1] ?? null;
    const client = this.#options.client(nowUs, next?.phase !== interval.phase);
    const toUs = Math.min(interval.toUs, Math.round(nowUs));
    this.#ended.push({ interval: { ...interval, toUs }, tallies, client });
  }

  #handOn(): void {
    const { sink, stage, operations } = this.#options;
    for (;;) {
      const [oldest] = this.#ended;
      if (oldest === undefined) return;
      const { interval, tallies, client } = oldest;
      if (interval.lastOfPhase && this.#underWay[stagePhases.indexOf(interval.phase)]! > 0) return;
      this.#ended = this.#ended.slice(1);
      const { phase, fromUs, toUs } = interval;
      const taken = tallies.map((tally) => tally.take());
      this.#spare.push(tallies);
      sink.second({ stage, phase, fromUs, toUs, operations: taken, client });
      operations.forEach((operation, index) => {
        const rows = this.#keepers[index]!.take();
        if (rows.length > 0) sink.samples(operation, rows);
      });
    }
  }

  #makeRoom(): void {
    const room = roomOf(this.#current, this.#intervals.length, this.#options.samplesKept);
    for (const keeper of this.#keepers) keeper.begin(room);
  }

  #newTallies(): readonly OperationTally[] {
    return this.#spare.pop() ?? this.#options.operations.map((name) => new OperationTally(name));
  }
}

export interface StageRecorderOptions {
  readonly stage: number;
  /** Names, by position in the workload. */
  readonly operations: readonly string[];
  readonly phases: StagePhases;
  readonly startedUs: Micros;
  readonly samplesKept: number;
  readonly latencyLimitUs: Micros;
  /** Chooses the samples that are kept. */
  readonly random: Random;
  /** Reads the client at the end of an interval; `phaseEnds`: of its phase, too. */
  readonly client: (nowUs: Micros, phaseEnds: boolean) => ClientSecond;
  readonly sink: StageSink;
}

function rowOf(
  flight: Flight,
  nowUs: Micros,
  outcome: Outcome,
  code: string | null,
): [number, Micros, Micros, Micros, Outcome, string | null] {
  const { id, intendedUs, startUs, sentUs } = flight;
  return [
    id,
    Math.round(intendedUs),
    Math.round(sentUs < 0 ? nowUs : startUs),
    Math.round(nowUs),
    outcome,
    code,
  ];
}
