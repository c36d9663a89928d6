import { checkInvariants } from "./check-invariants.ts";
import { conductStage } from "./conduct-stage.ts";
import { countOperations } from "./count-operations.ts";
import type { RecordingWriter } from "../model/recording.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { StageSecond } from "../model/stage.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";
import { nextStage } from "../plan/next-stage.ts";
import type { VariantStages } from "./variant-stages.ts";

/**
 * The stages of one variant, each chosen from what those before measured, and the workload's invariants afterwards. A
 * stage that fails is a result. Rejects when the agent is gone: there is nobody left to send anything.
 */
export async function conductStages(setting: VariantStages): Promise<void> {
  const { benchmark, variant, workload, recording, done, progress } = setting;
  const seconds: StageSecond[] = [];
  const told: WriteOutcomes[] = [];
  let brokenOff: string | null = null;
  const readings: ResourceReading[] = [];
  {
    await using watch = await setting.watch(alsoInto(readings, recording));
    for (;;) {
      const stage = nextStage(benchmark, variant, done, done.length + 1);
      if (stage === null) break;
      readings.length = 0;
      const conducted = await conductStage(stage, { ...setting, readings });
      done.push(conducted.measurement);
      seconds.push(...conducted.seconds);
      told.push(...conducted.told);
      brokenOff ??= conducted.brokenOff;
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
      told,
      brokenOff,
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
