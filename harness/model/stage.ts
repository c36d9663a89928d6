import type { Stage, StagePhase } from "./benchmark.ts";
import type { Micros } from "./clock.ts";
import type { Sample } from "./sample.ts";
import type { SearchAnswer } from "./search.ts";

/** How often each SQLSTATE or client code was seen. */
export type CodeCounts = Readonly<Record<string, number>>;

/** An HdrHistogram of microseconds in its own compressed V2 encoding, base64 (as in a `.hlog` line); null: empty. */
export type EncodedHistogram = string | null;

/**
 * What became of one kind of operation within one second of a stage: those that ended in it. An operation belongs to the
 * phase in which it was due; one that ends after that phase counts in the phase's last second.
 */
export interface OperationSecond {
  readonly operation: string;
  /** Over operations that ended ok: end minus intended start (of the first attempt). */
  readonly latency: EncodedHistogram;
  /**
   * Over operations that ended ok: end minus the moment when the sender looked at its schedule and found them due. This is
   * the latency without the client's own lateness; waiting for a free connection is in it. Where the sender stood still
   * meanwhile, that time is taken off; 0 where it was catching up afterwards, so that the wait was for a line of its own
   * making. Left out by engines that cannot tell, and in recordings from before it was kept.
   */
  readonly noticed?: EncodedHistogram;
  /** Over operations that ended ok: end minus start of the attempt that succeeded. */
  readonly serviceTime: EncodedHistogram;
  /** Over operations that were sent: actual minus intended start. Waiting for a free connection is in it. */
  readonly lag: EncodedHistogram;
  readonly ok: number;
  /** Ended ok within the client's `latencyLimitMs` of the intended start. */
  readonly inTime: number;
  readonly failed: CodeCounts;
  readonly unknown: CodeCounts;
  /** Attempts that were made again, by the code that caused it. */
  readonly retried: CodeCounts;
  /** Due but never sent: the bound on what may be in flight was reached, or no time was left. Part of `failed` too. */
  readonly neverSent: number;
  /** Sent more than 1 ms after the intended start because the client itself was late (not for want of a connection). */
  readonly late: number;
  /**
   * Ended ok, and the sender stood still while they were under way, or was catching up when they began. This and what
   * follows is left out by engines that cannot tell, and in recordings from before it was kept.
   */
  readonly stalled?: number;
  /**
   * Timed out, or were never sent, and had less than their time-out for the sender's own sake: it came late to them, stood
   * still while they were under way, or was catching up when they began. Part of `failed` or `unknown`.
   */
  readonly cutShort?: number;
}

/** The sending process in one second. Where there are several agents, each has its own. */
export interface ClientSecond {
  /** From 1. */
  readonly agent: number;
  /** CPU time of the engine's process (all threads) per second of time: 1 is a whole core. */
  readonly cpuCores: number;
  /**
   * The same of the busiest of the threads that send or read answers, each of which has one core at most: what decides
   * whether the client was full. Left out by engines of which no thread does (k6), and in recordings from before it was kept.
   */
  readonly senderCores?: number;
  /** How late the sender looked at its schedule; 0 for closed shapes without a think time. Microseconds. */
  readonly latenessP50Us: number;
  readonly latenessP99Us: number;
  readonly latenessMaxUs: number;
  /**
   * How long the sender stood still at most: it neither began anything nor read an answer. Longer than a second's worth
   * is in the seconds after. Left out by engines that cannot tell, and in recordings from before it was kept. Microseconds.
   */
  readonly stoodStillUs?: number;
  /** Delay of the event loop beyond what was asked for; null where the engine cannot tell. Microseconds. */
  readonly eventLoopP99Us: number | null;
  readonly memoryMb: number;
  readonly connectionsOpen: number;
  /** Clients (own sessions) or connections (pool) that have been served at least once since the steady phase began. */
  readonly served: number;
}

/** One second of one agent's part of a stage. The last one may be shorter. */
export interface StageSecond {
  readonly stage: number;
  readonly phase: StagePhase;
  readonly fromUs: Micros;
  readonly toUs: Micros;
  readonly operations: readonly OperationSecond[];
  readonly client: ClientSecond;
}

/** How a stage ended. */
export type StageEnd =
  | { readonly kind: "complete" }
  /** The engine could not go on, or could not begin: why. */
  | { readonly kind: "failed"; readonly code: string; readonly reason: string };

/** What an engine says of itself. */
export interface EngineDescription {
  /** "native", "pgbench 17.6", "k6 1.8.1". */
  readonly version: string;
  /** Clock that times operations, and the smallest step it was seen to make. Nanoseconds. */
  readonly timer: string;
  readonly timerResolutionNs: number;
  /** Cost of the engine itself per operation, measured against a stub at the start; null where it was not. Microseconds. */
  readonly ownCostUs: number | null;
}

/** A stage as it was written down. `end` is null when the recording ends before it. */
export interface RecordedStage {
  readonly stage: Stage;
  readonly engine: EngineDescription;
  readonly startedUs: Micros;
  readonly end: (StageEnd & { readonly atUs: Micros }) | null;
  readonly seconds: readonly StageSecond[];
  /**
   * By operation and second: a uniform choice of what ended ok, and one of what did not. How many there were of each is
   * in `seconds`, every failure counted by its code.
   */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** By operation: of searches, a uniform choice of the answers of each second; left out where there are none. */
  readonly answers?: ReadonlyMap<string, readonly SearchAnswer[]>;
}

/** What a workload said must be true after its operations, and what was found. */
export interface InvariantReading {
  readonly variant: string;
  readonly workload: string;
  readonly title: string;
  /** Found in the database; null: it could not be read, and `problem` says why. */
  readonly found: number | null;
  readonly atLeast: number;
  readonly atMost: number;
  readonly problem: string | null;
  /** What else was found, or how it was looked for, in a sentence or two; absent where there is nothing to say. */
  readonly evidence?: string | undefined;
  /** Ids of acknowledged rows that are missing, the first 100 at most; absent where ids were not compared. */
  readonly missingIds?: readonly number[] | undefined;
}
