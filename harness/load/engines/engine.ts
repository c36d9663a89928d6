import type { EngineName } from "../../model/benchmark.ts";
import type { Micros } from "../../model/clock.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../../model/stage.ts";
import type { Workload } from "../../model/workload.ts";
import type { AnswerRow } from "../protocol/answer-row.ts";
import type { SampleRow } from "../protocol/sample-row.ts";
import type { StageLoad } from "../protocol/stage-load.ts";
import type { WriteOutcomesPiece } from "../protocol/write-outcomes-piece.ts";

/** The same inside the agent, with everything looked up. */
export interface EngineLoad extends StageLoad {
  readonly definition: Workload;
  readonly login: { readonly user: string; readonly password: string };
  readonly addressOf: (host: string) => Promise<string>;
  /** Moment 0 of Micros on the monotonic clock. */
  readonly epochNs: bigint;
}

/** Receives what an engine reports, as it happens. */
export interface StageSink {
  second(second: StageSecond): void;
  samples(operation: string, rows: readonly SampleRow[]): void;
  /** Answers of searches that were kept, from engines that read answers; for those who want to know. */
  answers?(operation: string, rows: readonly AnswerRow[]): void;
  /** At the end, from engines that number their operations; for those who want to know. */
  writes?(piece: WriteOutcomesPiece): void;
}

/** A stage that is being sent. */
export interface RunningStage {
  /** When the warm-up begins. */
  readonly startedUs: Micros;
  readonly engine: EngineDescription;
  /** Never rejects. Resolves when everything has been given to the sink. */
  readonly ended: Promise<StageEnd>;
  /** Ends it early, within its operations' time-out. */
  stop(): Promise<void>;
}

/** What sends the load of a stage. One file (or folder) each. */
export interface Engine {
  readonly name: EngineName;
  /** Rejects with a SqlFailure (see run-sql.ts) when it cannot begin: no log-in, no program, ... */
  start(load: EngineLoad, sink: StageSink): Promise<RunningStage>;
}
