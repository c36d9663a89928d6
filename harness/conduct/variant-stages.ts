import type { Agent } from "../load/client/connect-agent.ts";
import type { PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import type { Clock, Micros } from "../model/clock.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingWriter } from "../model/recording.ts";
import type { Workload } from "../model/workload.ts";
import type { ResourceWatch } from "./watch-resources.ts";

/** What there is while the stages of one variant are run. */
export interface VariantStages {
  readonly seed: number;
  readonly benchmark: PlannedBenchmark;
  readonly variant: PlannedVariant;
  readonly workload: Workload;
  readonly agent: Pick<Agent, "startStage" | "stopStage" | "run">;
  readonly resources: Pick<ResourceWatch, "stageEnded">;
  /** Gives every session on the cluster the settings that the workload asks for; see database/apply-settings. */
  readonly applySettings: (workload: Workload) => Promise<void>;
  /** What follows the load of a workload that is indexed after it; see database/index-after-load. */
  readonly indexAfterLoad: (loaded: { readonly fromUs: Micros; readonly toUs: Micros }) => Promise<void>;
  /** Injects the faults, once the stages are done; null: there are none. */
  readonly disturb: (() => Promise<void>) | null;
  /** Of the load that is sustained meanwhile: the probes' warm-up, and how long everything may take at most. */
  readonly disturbedPhases: { readonly warmupSeconds: number; readonly steadySeconds: number };
  readonly recording: RecordingWriter;
  /** What the stages of all variants before measured; gets those of this one. */
  readonly done: StageMeasurement[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}
