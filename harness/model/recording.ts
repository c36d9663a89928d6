import type { Micros } from "./clock.ts";
import type { Environment } from "./environment.ts";
import type { ClusterEvent } from "./event.ts";
import type { RunPlan } from "./plan.ts";
import type { CopyReading } from "./copy-answers.ts";
import type { PlacementReading } from "./placement.ts";
import type { ResourceReading, StatementReading } from "./resource.ts";
import type { Sample, StreamName } from "./sample.ts";
import type { Samples } from "./samples.ts";
import type { ExactAnswer, SearchAnswer } from "./search.ts";
import type { EngineDescription, InvariantReading, RecordedStage, StageEnd, StageSecond } from "./stage.ts";
import type { Stage } from "./benchmark.ts";

/** Ids found in a ledger table at one moment, as inclusive ranges in ascending order. */
export interface LedgerReading {
  readonly stream: StreamName;
  readonly table: string;
  /** The injection it follows; null for the last reading at the end of load. */
  readonly injection: number | null;
  /** Only writes acknowledged before this moment are judged by it. */
  readonly atUs: Micros;
  readonly rows: number;
  readonly present: readonly (readonly [from: number, to: number])[];
}

/** How a recording came to its end. */
export type RecordingEnd =
  { readonly kind: "complete" } | { readonly kind: "incomplete"; readonly reason: string };

/** A run as it was written down, read back into memory. Everything derived comes from this alone. */
export interface Recording {
  readonly plan: RunPlan;
  /** null when the run ended before the cluster was there. */
  readonly environment: Environment | null;
  readonly events: readonly ClusterEvent[];
  /** In any order; see `inOrder`. */
  readonly samples: ReadonlyMap<StreamName, Samples>;
  readonly ledgers: readonly LedgerReading[];
  /** Of a benchmark; in order. */
  readonly stages: readonly RecordedStage[];
  readonly resources: readonly ResourceReading[];
  readonly statements: readonly StatementReading[];
  readonly invariants: readonly InvariantReading[];
  /** Of a workload with distributed tables; left out in recordings of before they were read. */
  readonly placements?: readonly PlacementReading[] | undefined;
  /** What searches are compared with; left out where a run had none. */
  readonly exactAnswers?: readonly ExactAnswer[];
  /** What every copy of a searched table answered; left out where none was asked. */
  readonly copyAnswers?: readonly CopyReading[];
  readonly end: RecordingEnd;
}

/** Where a run writes down what it sees, as it sees it. Every call is on disk soon after; nothing waits for the end. */
export interface RecordingWriter {
  readonly directory: string;
  event(event: ClusterEvent): void;
  samples(stream: StreamName, batch: readonly Sample[]): void;
  ledger(reading: LedgerReading): void;
  stageBegun(stage: Stage, engine: EngineDescription, startedUs: Micros): void;
  stageSecond(second: StageSecond): void;
  stageSamples(stage: number, operation: string, batch: readonly Sample[]): void;
  /** Answers of searches that were kept. */
  stageAnswers(stage: number, operation: string, batch: readonly SearchAnswer[]): void;
  exactAnswers(answers: readonly ExactAnswer[]): void;
  /** The seconds of a stage as they were written down, for whoever measures it while the run goes on. */
  stageSeconds(stage: number): readonly StageSecond[];
  stageEnded(stage: number, end: StageEnd, atUs: Micros): void;
  resources(readings: readonly ResourceReading[]): void;
  statements(readings: readonly StatementReading[]): void;
  invariants(readings: readonly InvariantReading[]): void;
  placements(readings: readonly PlacementReading[]): void;
  copyAnswers(readings: readonly CopyReading[]): void;
  environment(environment: Environment): void;
  /** A file under logs/ or config/, such as `logs/coordinator-1.log`. */
  file(relativePath: string, content: string): Promise<void>;
  /** Writes the end marker and closes the files. Without it the recording reads as incomplete. */
  finish(end: RecordingEnd): Promise<void>;
}
