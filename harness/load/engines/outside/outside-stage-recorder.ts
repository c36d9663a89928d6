import type { StagePhases } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { ClientSecond } from "../../../model/stage.ts";
import type { SampleRow } from "../../protocol/sample-row.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import type { StageSink } from "../engine.ts";
import { valueAtPercentile } from "../../../stats/percentiles.ts";
import { OperationTally } from "../native/record/operation-tally.ts";
import { sampleRoom, type SampleRoom } from "../native/record/sample-keeper.ts";
import { Reservoir } from "../reservoir.ts";
import type { StageInterval } from "../native/schedule/stage-intervals.ts";
import { sliceStage, type StageSlices } from "./stage-slices.ts";

/** What a program reported of one operation that has ended. */
export interface ToldOperation {
  readonly operation: string;
  /** From 1: the thread or process that sent it. */
  readonly agent: number;
  /** Of its client or connection, within its agent. */
  readonly client: number;
  /** Equals `startUs` where the program knows no schedule. */
  readonly intendedUs: Micros;
  /** Of the last attempt, where the program tells. */
  readonly startUs: Micros;
  readonly endUs: Micros;
  /** null: it was due and never sent. */
  readonly outcome: Outcome | null;
  readonly code: string | null;
  /** Codes of the attempts before the last. */
  readonly retried: readonly string[];
  /** How late the program itself was, apart from waiting for a connection; null: it cannot be told. */
  readonly latenessUs: number | null;
}

/** What an agent used in one slice. */
export type AgentUsage = Pick<ClientSecond, "cpuCores" | "senderCores" | "memoryMb" | "connectionsOpen">;

/** Sent later than this for the program's own lateness: counted as late. */
const LATE_US = 1000;

export interface OutsideStageRecorderOptions {
  readonly stage: number;
  readonly seed: number;
  /** Samples are numbered from here, in the order in which they were told. */
  readonly firstId: number;
  readonly startedUs: Micros;
  readonly phases: StagePhases;
  readonly agents: number;
  readonly latencyLimitMs: number;
  /** An operation is told of at most so long after it was due, so that a phase's last second can be whole by then. */
  readonly timeoutMs: number;
  readonly samplesKept: number;
  /** Whether the program has a schedule and tells of it; of operations that failed it tells no moments. */
  readonly knowsLag: boolean;
  /** Whether it tells of every operation that it sent how late it was itself. */
  readonly knowsLateness: boolean;
  readonly sink: StageSink;
}

/** Makes the seconds and samples of a stage out of what a program tells of its operations, in about the order of their ends. */
export class OutsideStageRecorder {
  readonly slices: StageSlices;
  readonly #options: OutsideStageRecorderOptions;
  readonly #agents: readonly AgentRecorder[];
  #nextId: number;

  constructor(options: OutsideStageRecorderOptions) {
    this.#options = options;
    this.#nextId = options.firstId;
    this.slices = sliceStage(options.startedUs, options.phases);
    this.#agents = Array.from(
      { length: options.agents },
      () => new AgentRecorder(this.slices.all.length, options),
    );
  }

  add(told: ToldOperation): void {
    const id = this.#nextId;
    this.#nextId += 1;
    const recorder = this.#agents[told.agent - 1];
    recorder?.open(this.slices.indexOf(told.intendedUs, told.endUs)).add(id, told);
    if (told.outcome === "ok" && told.endUs >= this.slices.steadyUs) recorder?.served.add(told.client);
  }

  /**
   * Gives the sink an agent's seconds that are whole when everything up to `toldToUs` was told, also those in which
   * nothing ended. `endedUs`: the program has ended, so everything was told, and no second reaches beyond it.
   */
  tell(
    agent: number,
    toldToUs: Micros,
    endedUs: Micros | null,
    usageIn: (slice: StageInterval) => AgentUsage,
  ): void {
    const { stage, timeoutMs, sink } = this.#options;
    const recorder = this.#agents[agent - 1];
    for (; recorder !== undefined && recorder.next < this.slices.all.length; recorder.next += 1) {
      const slice = this.slices.all[recorder.next];
      if (slice === undefined) return;
      const { phase, fromUs, toUs, lastOfPhase } = slice;
      const wholeAtUs = toUs + (lastOfPhase ? timeoutMs * 1000 : 0);
      if (endedUs === null ? toldToUs < wholeAtUs : endedUs <= fromUs && !recorder.isOpen(recorder.next))
        return;
      const filled = recorder.take();
      sink.second({
        stage,
        phase,
        fromUs,
        toUs: endedUs === null || endedUs <= fromUs ? toUs : Math.min(toUs, endedUs),
        operations: filled.operations(),
        client: {
          agent,
          ...filled.lateness(),
          eventLoopP99Us: null,
          served: recorder.served.size,
          ...usageIn(slice),
        },
      });
      for (const [operation, rows] of filled.samples()) if (rows.length > 0) sink.samples(operation, rows);
      filled.reset();
    }
  }
}

class AgentRecorder {
  /** The first slice that was not given to the sink. */
  next = 0;
  readonly served = new Set<number>();
  readonly #open = new Map<number, SliceCounts>();
  /** Used again: making histograms anew each second is work for the garbage collector. */
  readonly #spare: SliceCounts[] = [];
  readonly #slices: number;
  readonly #options: OutsideStageRecorderOptions;

  constructor(slices: number, options: OutsideStageRecorderOptions) {
    this.#slices = slices;
    this.#options = options;
  }

  isOpen(index: number): boolean {
    return this.#open.has(index);
  }

  /** What is told of a slice that was given away counts in the next one. */
  open(index: number): SliceCounts {
    const at = Math.min(Math.max(index, this.next), this.#slices - 1);
    let slice = this.#open.get(at);
    if (slice === undefined) {
      const { agents, samplesKept } = this.#options;
      slice = this.#spare.pop() ?? new SliceCounts(this.#options);
      const { served, missed } = sampleRoom(at, this.#slices, samplesKept);
      slice.room = { served: Math.ceil(served / agents), missed: Math.ceil(missed / agents) };
      this.#open.set(at, slice);
    }
    return slice;
  }

  /** The next slice; it is to be emptied before another one is opened. */
  take(): SliceCounts {
    const slice = this.open(this.next);
    this.#open.delete(this.next);
    this.#spare.push(slice);
    return slice;
  }
}

/** What ended in one slice, by the operations' names. */
class SliceCounts {
  /** Of each operation. */
  room: SampleRoom = { served: 0, missed: 0 };
  readonly #options: OutsideStageRecorderOptions;
  readonly #tallies = new Map<string, OperationTally>();
  readonly #served = new Map<string, Reservoir<SampleRow>>();
  readonly #missed = new Map<string, Reservoir<SampleRow>>();
  readonly #lateness: number[] = [];

  constructor(options: OutsideStageRecorderOptions) {
    this.#options = options;
  }

  add(id: number, told: ToldOperation): void {
    const { operation, intendedUs, startUs, endUs, outcome, code, retried, latenessUs } = told;
    const tally = this.#tallyOf(operation);
    for (const each of retried) tally.retried(each);
    if (latenessUs !== null) this.#lateness.push(latenessUs);
    if (outcome === "ok") {
      const latencyUs = endUs - intendedUs;
      const inTime = latencyUs <= this.#options.latencyLimitMs * 1000;
      tally.succeeded(latencyUs, latenessUs ?? 0, endUs - startUs, inTime);
      if (this.#options.knowsLag) tally.sent(startUs - intendedUs, (latenessUs ?? 0) > LATE_US);
    } else {
      tally.missed(outcome ?? "failed", code ?? "");
      if (outcome === null) tally.neverSent();
    }
    this.#reservoirOf(operation, outcome === "ok" ? "served" : "missed").offer(() => rowOf(id, told));
  }

  operations(): readonly ReturnType<OperationTally["take"]>[] {
    return [...this.#tallies.values()].map((tally) => tally.take());
  }

  samples(): readonly (readonly [operation: string, rows: readonly SampleRow[]])[] {
    return [...this.#served, ...this.#missed].map(([operation, { kept }]) => [operation, kept]);
  }

  lateness(): Pick<ClientSecond, "latenessP50Us" | "latenessP99Us" | "latenessMaxUs"> {
    const sorted = Float64Array.from(this.#lateness).sort();
    const at = (percent: number): number => valueAtPercentile(sorted, percent);
    return { latenessP50Us: at(50), latenessP99Us: at(99), latenessMaxUs: at(100) };
  }

  reset(): void {
    this.#served.clear();
    this.#missed.clear();
    this.#lateness.length = 0;
  }

  #tallyOf(operation: string): OperationTally {
    let tally = this.#tallies.get(operation);
    if (tally === undefined) {
      tally = new OperationTally(operation, { noticed: this.#options.knowsLateness, stalls: false });
      this.#tallies.set(operation, tally);
    }
    return tally;
  }

  #reservoirOf(operation: string, which: keyof SampleRoom): Reservoir<SampleRow> {
    const reservoirs = which === "served" ? this.#served : this.#missed;
    let kept = reservoirs.get(operation);
    if (kept === undefined) {
      const { seed, stage } = this.#options;
      const random = seededRandom(seed, `stage ${stage} samples of ${operation}, ${which}`);
      kept = new Reservoir(this.room[which], random);
      reservoirs.set(operation, kept);
    }
    return kept;
  }
}

function rowOf(id: number, { intendedUs, startUs, endUs, outcome, code }: ToldOperation): SampleRow {
  return [id, intendedUs, startUs, endUs, outcome ?? "failed", code];
}
