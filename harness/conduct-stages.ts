import { checkInvariants } from "./check-invariants.ts";
import { conductStage } from "./conduct-stage.ts";
import { countOperations } from "./count-operations.ts";
import type { Agent } from "./load/connect-agent.ts";
import type { PlannedBenchmark, PlannedVariant } from "./model/benchmark.ts";
import type { Clock } from "./model/clock.ts";
import type { StageMeasurement } from "./model/measurement.ts";
import type { Progress } from "./model/progress.ts";
import type { RecordingWriter } from "./model/recording.ts";
import type { ResourceReading } from "./model/resource.ts";
import type { StageSecond } from "./model/stage.ts";
import type { Workload } from "./model/workload.ts";
import { nextStage } from "./plan/next-stage.ts";
import type { ResourceWatch } from "./watch-resources.ts";

/** What there is while the stages of one variant are run. */
export interface UnderStages {
  readonly seed: number;
  readonly benchmark: PlannedBenchmark;
  readonly variant: PlannedVariant;
  readonly workload: Workload;
  readonly agent: Pick<Agent, "startStage" | "stopStage" | "run">;
  /** Begins to watch the cluster's resources. */
  readonly watch: (
    recording: Pick<RecordingWriter, "resources" | "statements" | "event">,
  ) => Promise<ResourceWatch>;
  readonly recording: RecordingWriter;
  /** What the stages of all variants before measured; gets those of this one. */
  readonly done: StageMeasurement[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * The stages of one variant, each chosen from what those before measured, and the workload's invariants afterwards. A
 * stage that fails is a result. Rejects when the agent is gone: there is nobody left to send anything.
 */
export async function conductStages(setting: UnderStages): Promise<void> {
  const { benchmark, variant, workload, recording, done, progress } = setting;
  const seconds: StageSecond[] = [];
  const readings: ResourceReading[] = [];
  {
    await using watch = await setting.watch(alsoInto(readings, recording));
    for (;;) {
      const stage = nextStage(benchmark, variant, done, done.length + 1);
      if (stage === null) break;
      readings.length = 0;
      const { measurement, seconds: more } = await conductStage(stage, { ...setting, readings });
      done.push(measurement);
      seconds.push(...more);
      await watch.stageEnded(stage.stage);
    }
  }
  progress.step("Invariants");
  recording.invariants(
    await checkInvariants({
      ...setting,
      workload,
      topology: variant.topology,
      counts: countOperations(seconds),
      variant: variant.name,
    }),
  );
}

function alsoInto(
  readings: ResourceReading[],
  recording: RecordingWriter,
): Pick<RecordingWriter, "resources" | "statements" | "event"> {
  return {
    ...recording,
    resources: (batch) => {
      readings.push(...batch);
      recording.resources(batch);
    },
  };
}
