import type { StageLoad } from "../load/protocol/stage-load.ts";
import { addPiece, type WriteOutcomesPiece } from "../load/protocol/write-outcomes-piece.ts";
import { rejectOnAbort } from "../support/reject-on-abort.ts";
import { measureStage } from "../measure/measure-stage.ts";
import type { Stage, StagePhase } from "../model/benchmark.ts";
import type { Micros } from "../model/clock.ts";
import { stageTitle } from "../model/figure-names.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { Sample } from "../model/sample.ts";
import type { SearchAnswer } from "../model/search.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";
import { noOutcomes, type WriteOutcomes } from "../model/write-outcomes.ts";
import { countOperations } from "./count-operations.ts";
import { narrateStage } from "./narrate.ts";
import { tellNote } from "./tell-note.ts";
import type { VariantStages } from "./variant-stages.ts";
import { within } from "../support/within.ts";

/** Ids of stage n are n x 10^9 and up: more than any stage sends, and exact in a double for a million stages. */
const IDS_OF_A_STAGE = 1_000_000_000;
/** Beyond its phases and its operations' time-out, an engine has this long to come to an end. */
const ALLOWANCE_MS = 120_000;
/** Codes of an agent that is gone, or does not answer. */
const AGENT_GONE = new Set(["agent-failed", "agent-ended", "agent-silent"]);

/** What came of a stage. */
export interface ConductedStage {
  readonly measurement: StageMeasurement;
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** What became of each operation in all of its seconds, whatever their phase. */
  readonly counts: Readonly<Record<string, OperationCount>>;
  /** What became of the writes whose rows carry their numbers, as far as the engine told. */
  readonly told: readonly WriteOutcomes[];
  /** That it ended before its time: what it sent last may not have been told. null: it did not. */
  readonly brokenOff: string | null;
}

/**
 * One stage, from its first connection to its measurement. One that cannot begin, or breaks off, is recorded with the
 * reason. Rejects with a HarnessError when the agent is gone; what had come by then is in the recording. Only there are
 * the seconds kept, which may be a day's, and read back from when it is measured.
 */
export async function conductStage(stage: Stage, setting: VariantStages): Promise<ConductedStage> {
  const { benchmark, agent, recording, clock, signal, progress } = setting;
  let counts: ConductedStage["counts"] = {};
  const told = new Map<string, WriteOutcomes>();
  const title = stageTitle(stage);
  progress.step(`Stage ${stage.stage}: ${title}`);
  const narrate = narrateStage(stage, progress);
  const tell = phaseEvents(stage, (phase, atUs) =>
    recording.event({ kind: "stage", atUs, stage: stage.stage, name: title, phase }),
  );
  const receiver = {
    second: (second: StageSecond) => {
      tell(second.phase, second.fromUs);
      counts = countOperations(second, counts);
      recording.stageSecond(second);
      narrate(second);
    },
    samples: (operation: string, batch: readonly Sample[]) => {
      recording.stageSamples(stage.stage, operation, batch);
    },
    samplesLeftOut: (operation: string, count: number) => {
      const text = `${title}: ${count} samples of ${operation} were left out of the recording, because dpg-bench was far behind with reading; every operation is counted.`;
      tellNote(text, setting);
    },
    answers: (operation: string, batch: readonly SearchAnswer[]) => {
      recording.stageAnswers(stage.stage, operation, batch);
    },
    writes: (piece: WriteOutcomesPiece) => {
      const { operation } = piece;
      const outcomes = told.get(operation) ?? noOutcomes(operation, firstIdOf(stage));
      told.set(operation, outcomes);
      addPiece(outcomes, piece);
    },
  };
  const begin = async (): Promise<{
    readonly engine: EngineDescription;
    readonly startedUs: Micros;
    readonly end: StageEnd & { readonly atUs: Micros };
    readonly began: boolean;
  }> => {
    try {
      const started = await rejectOnAbort(signal, agent.startStage(loadOf(stage, setting), receiver));
      recording.stageBegun(stage, started.engine, started.startedUs);
      const { engine, startedUs } = started;
      const end = await rejectOnAbort(signal, inTime(started.ended, stage, setting));
      return { engine, startedUs, end, began: true };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HarnessError) || AGENT_GONE.has(error.code)) throw error;
      const atUs = clock.nowUs();
      const engine = unknownEngine(benchmark.client.engine);
      recording.stageBegun(stage, engine, atUs);
      return {
        engine,
        startedUs: atUs,
        end: { kind: "failed", code: error.code, reason: error.message, atUs },
        began: false,
      };
    }
  };
  const { engine, startedUs, end, began } = await begin();
  const { atUs, ...how } = end;
  recording.stageEnded(stage.stage, how, atUs);
  recording.event({ kind: "stage", atUs, stage: stage.stage, name: title, phase: "ended" });
  if (how.kind === "failed") {
    if (AGENT_GONE.has(how.code)) throw new HarnessError({ code: how.code, message: how.reason });
    progress.note(`${title} failed: ${how.reason} (${how.code})`);
  }
  const brokenOff = began && how.kind === "failed" ? `stage "${title}" broke off (${how.code})` : null;
  // Samples and what the cluster used are in the recording: the next stage is chosen by what the seconds tell.
  const seconds = recording.stageSeconds(stage.stage);
  const recorded = { stage, engine, startedUs, end, seconds, samples: new Map<string, Sample[]>() };
  return {
    measurement: measureStage(recorded, benchmark.client, []),
    fromUs: startedUs,
    toUs: atUs,
    counts,
    told: [...told.values()],
    brokenOff,
  };
}

function firstIdOf({ stage }: Stage): number {
  return stage * IDS_OF_A_STAGE;
}

function loadOf(stage: Stage, { seed, benchmark, variant }: VariantStages): StageLoad {
  const { topology } = variant;
  return {
    stage: stage.stage,
    // Far apart for neighbouring stages and seeds (Knuth's multiplicative hash); 32 bits.
    seed: (seed + Math.imul(stage.stage, 2_654_435_761)) >>> 0,
    workload: benchmark.workload,
    parameters: { ...benchmark.parameters, ...stage.parameters },
    shape: stage.shape,
    phases: stage.phases,
    client: benchmark.client,
    endpoints: clientEndpoints(topology),
    database: topology.postgres.database,
    firstId: firstIdOf(stage),
    k6Script: benchmark.k6Script,
  };
}

/** The stage's end, or a failure when it does not come to one in time; the engine is then told to stop. */
async function inTime(
  ended: Promise<StageEnd & { readonly atUs: Micros }>,
  { phases }: Stage,
  { benchmark, agent, clock, signal }: VariantStages,
): Promise<StageEnd & { readonly atUs: Micros }> {
  const { warmupSeconds, steadySeconds, coolDownSeconds } = phases;
  const budgetMs =
    1000 * (warmupSeconds + steadySeconds + coolDownSeconds) + benchmark.client.timeoutMs + ALLOWANCE_MS;
  return await within({ ms: budgetMs, clock, signal }, ended, async () => {
    await agent.stopStage();
    const reason = `Expected the stage to end within ${budgetMs / 1000} s, found that it did not.`;
    return { kind: "failed", code: "stage-not-ended", reason, atUs: clock.nowUs() } as const;
  });
}

/** Calls back at the first second of each phase that any agent reports. */
function phaseEvents(
  { phases }: Stage,
  emit: (phase: StagePhase, atUs: Micros) => void,
): (phase: StagePhase, fromUs: Micros) => void {
  const seen = new Set<StagePhase>();
  return (phase, fromUs) => {
    if (seen.has(phase)) return;
    seen.add(phase);
    if (phase === "warmup" && phases.warmupSeconds === 0) return;
    emit(phase, fromUs);
  };
}

function unknownEngine(name: string): EngineDescription {
  return { version: name, timer: "not begun", timerResolutionNs: 0, ownCostUs: null };
}
