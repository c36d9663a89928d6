import type { StagePhases } from "../../../model/benchmark.ts";
import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { ClientSecond, EncodedHistogram, OperationSecond } from "../../../model/stage.ts";
import type { SampleRow } from "../../agent-protocol.ts";
import { seededRandom } from "../../seeded-random.ts";
import type { StageSink } from "../engine.ts";
import { IntervalHistogram } from "../native/interval-histogram.ts";
import { Reservoir } from "./reservoir.ts";
import { sliceStage, type StageSlices } from "./stage-slices.ts";

/** What a program reported of one operation that has ended. */
export interface ToldOperation {
  /** Its position in the list of operations. */
  readonly operation: number;
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
  /** Codes of the attempts before the last, with how often each. */
  readonly retried: Readonly<Record<string, number>> | null;
  /** How late the program itself was, apart from waiting for a connection; null: it cannot be told. */
  readonly latenessUs: number | null;
}

/** What an agent used in one slice. */
type AgentUsage = Pick<ClientSecond, "cpuCores" | "memoryMb" | "connectionsOpen">;

const LATE_US = 1000;
/** Failures kept with their times, for each operation of a stage. */
const FAILURES_KEPT = 10_000;

export interface StageBookOptions {
  readonly stage: number;
  readonly seed: number;
  /** Samples are numbered from here, in the order in which they were told. */
  readonly firstId: number;
  readonly startedUs: Micros;
  readonly phases: StagePhases;
  readonly operations: readonly string[];
  readonly agents: number;
  readonly latencyLimitMs: number;
  readonly samplesKept: number;
  /** Whether the program has a schedule and tells of it; of operations that failed it tells no moments. */
  readonly knowsLag: boolean;
  readonly sink: StageSink;
}

/** Makes the seconds and samples of a stage out of what a program tells of its operations, in about the order of their ends. */
export class StageBook {
  readonly slices: StageSlices;
  readonly #options: StageBookOptions;
  readonly #agents: readonly AgentBook[];
  readonly #samples: readonly OperationSamples[];
  #told = 0;

  constructor(options: StageBookOptions) {
    this.#options = options;
    this.slices = sliceStage(options.startedUs, options.phases);
    this.#agents = Array.from({ length: options.agents }, () => new AgentBook(options));
    this.#samples = options.operations.map((operation) => new OperationSamples(operation, options));
  }

  add(told: ToldOperation): void {
    const book = this.#agents[told.agent - 1];
    const index = this.slices.indexAt(told.endUs);
    book?.open(index).add(told, this.#options);
    if (told.outcome === "ok" && told.endUs >= this.slices.steadyUs) book?.served.add(told.client);
    this.#samples[told.operation]?.add(this.#options.firstId + this.#told, told);
    this.#told += 1;
  }

  /** Gives an agent's seconds up to this slice to the sink, also those in which nothing ended; none reaches past `endedUs`. */
  close(agent: number, upTo: number, endedUs: Micros, usage: (index: number) => AgentUsage): void {
    const book = this.#agents[agent - 1];
    if (book === undefined) return;
    for (; book.next <= upTo; book.next += 1) {
      const slice = book.take(book.next);
      const { phase, fromUs, toUs } = this.slices.at(book.next);
      this.#options.sink.second({
        stage: this.#options.stage,
        phase,
        fromUs,
        toUs: Math.max(fromUs, Math.min(toUs, endedUs)),
        operations: slice.operations(this.#options.operations),
        client: {
          agent,
          ...slice.lateness(),
          eventLoopP99Us: null,
          served: book.served.size,
          ...usage(book.next),
        },
      });
    }
  }

  /** Number of the last slice of an agent in which something ended; -1: none is open. */
  lastOpen(agent: number): number {
    return this.#agents[agent - 1]?.lastOpen ?? -1;
  }

  /** Gives the samples that are left. */
  finish(): void {
    for (const samples of this.#samples) samples.finish();
  }
}

class AgentBook {
  /** The first slice that was not given to the sink. */
  next = 0;
  readonly served = new Set<number>();
  readonly #open = new Map<number, SliceBook>();
  /** Used again: making histograms anew each second is work for the garbage collector. */
  readonly #spare: SliceBook[] = [];
  readonly #operations: number;

  constructor({ operations }: StageBookOptions) {
    this.#operations = operations.length;
  }

  get lastOpen(): number {
    return Math.max(-1, ...this.#open.keys());
  }

  /** What is told of a slice that is closed counts in the next one. */
  open(index: number): SliceBook {
    const at = Math.max(index, this.next);
    let slice = this.#open.get(at);
    if (slice === undefined) {
      slice = this.#spare.pop() ?? new SliceBook(this.#operations);
      this.#open.set(at, slice);
    }
    return slice;
  }

  take(index: number): SliceBook {
    const slice = this.open(index);
    this.#open.delete(index);
    this.#spare.push(slice);
    return slice;
  }
}

class SliceBook {
  readonly #operations: readonly OperationBook[];
  readonly #lateness: number[] = [];

  constructor(operations: number) {
    this.#operations = Array.from({ length: operations }, () => new OperationBook());
  }

  add(told: ToldOperation, options: StageBookOptions): void {
    if (told.latenessUs !== null) this.#lateness.push(told.latenessUs);
    this.#operations[told.operation]?.add(told, options);
  }

  operations(names: readonly string[]): readonly OperationSecond[] {
    return names.flatMap((name, index) => this.#operations[index]?.take(name) ?? []);
  }

  lateness(): Pick<ClientSecond, "latenessP50Us" | "latenessP99Us" | "latenessMaxUs"> {
    const sorted = Float64Array.from(this.#lateness).sort();
    this.#lateness.length = 0;
    const rank = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return { latenessP50Us: rank(0.5), latenessP99Us: rank(0.99), latenessMaxUs: rank(1) };
  }
}

class OperationBook {
  readonly #latency = new IntervalHistogram();
  readonly #serviceTime = new IntervalHistogram();
  readonly #lag = new IntervalHistogram();
  #counts = noCounts();

  add(told: ToldOperation, { knowsLag, latencyLimitMs }: StageBookOptions): void {
    const counts = this.#counts;
    counts.seen += 1;
    if (told.retried !== null)
      for (const [code, times] of Object.entries(told.retried)) count(counts.retried, code, times);
    if (told.outcome === null) {
      counts.neverSent += 1;
      count(counts.failed, told.code ?? "");
      return;
    }
    if ((told.latenessUs ?? 0) > LATE_US) counts.late += 1;
    if (told.outcome !== "ok") {
      count(counts[told.outcome], told.code ?? "");
      return;
    }
    const latencyUs = told.endUs - told.intendedUs;
    counts.ok += 1;
    if (latencyUs <= latencyLimitMs * 1000) counts.inTime += 1;
    this.#latency.record(latencyUs);
    if (knowsLag) this.#lag.record(told.startUs - told.intendedUs);
    this.#serviceTime.record(told.endUs - told.startUs);
  }

  /** What was added since the last call, as one; nothing when there was nothing. */
  take(operation: string): readonly OperationSecond[] {
    const { seen, ...counts } = this.#counts;
    if (seen === 0) return [];
    this.#counts = noCounts();
    const [latency, serviceTime, lag]: readonly EncodedHistogram[] = [
      this.#latency.take(),
      this.#serviceTime.take(),
      this.#lag.take(),
    ];
    return [
      { operation, latency: latency ?? null, serviceTime: serviceTime ?? null, lag: lag ?? null, ...counts },
    ];
  }
}

interface Counts {
  seen: number;
  ok: number;
  inTime: number;
  failed: Record<string, number>;
  unknown: Record<string, number>;
  retried: Record<string, number>;
  neverSent: number;
  late: number;
}

function noCounts(): Counts {
  return { seen: 0, ok: 0, inTime: 0, failed: {}, unknown: {}, retried: {}, neverSent: 0, late: 0 };
}

function count(counts: Record<string, number>, code: string, times = 1): void {
  counts[code] = (counts[code] ?? 0) + times;
}

/** Failures are told at once, up to a bound; the choice of the others when the stage ends. */
class OperationSamples {
  readonly #operation: string;
  readonly #sink: StageSink;
  readonly #reservoir: Reservoir<SampleRow>;
  #failures = 0;

  constructor(operation: string, { stage, seed, samplesKept, sink }: StageBookOptions) {
    this.#operation = operation;
    this.#sink = sink;
    this.#reservoir = new Reservoir(
      samplesKept,
      seededRandom(seed, `stage ${stage} samples of ${operation}`),
    );
  }

  add(id: number, { intendedUs, startUs, endUs, outcome, code }: ToldOperation): void {
    const row = (): SampleRow => [id, intendedUs, startUs, endUs, outcome ?? "failed", code];
    if (outcome === "ok") {
      this.#reservoir.offer(row);
    } else if (this.#failures < FAILURES_KEPT) {
      this.#failures += 1;
      this.#sink.samples(this.#operation, [row()]);
    }
  }

  finish(): void {
    const { kept } = this.#reservoir;
    if (kept.length > 0) this.#sink.samples(this.#operation, kept);
  }
}
