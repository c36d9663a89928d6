import type { ClientSettings, EngineName, LoadShape, StagePhases } from "../../model/benchmark.ts";
import type { Micros } from "../../model/clock.ts";
import type { Endpoint } from "../../model/layout.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../../model/stage.ts";
import type { Workload } from "../../model/workload.ts";
import type { SampleRow } from "../sample-row.ts";
import type { WriteOutcomesPiece } from "../write-outcomes-piece.ts";

/** A stage to be sent, with the addresses it goes to: what travels to the agent. */
export interface StageLoad {
  /** The stage's number. */
  readonly stage: number;
  /** Of the whole stage; every agent draws the same schedule from it and takes its own share. */
  readonly seed: number;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly shape: LoadShape;
  readonly phases: StagePhases;
  readonly client: ClientSettings;
  readonly endpoints: { readonly readWrite: Endpoint; readonly readOnly: Endpoint };
  readonly database: string;
  /** The stage's operations are numbered from here, so that ids are unique in a run. */
  readonly firstId: number;
  /** A k6 script of the user's own, instead of the one made from the workload; null: none. Only for the engine k6. */
  readonly k6Script: string | null;
}

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
