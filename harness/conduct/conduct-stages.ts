import type { Stage } from "../model/benchmark.ts";
import { stageTitle, sustainedName } from "../model/figure-names.ts";
import { checkInvariants, type Operated } from "./check-invariants.ts";
import { conductStage, type ConductedStage } from "./conduct-stage.ts";
import { addUpCounts } from "./count-operations.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";
import { readExactAnswers } from "../database/read-exact-answers.ts";
import { nextStage, sustainedStage } from "../plan/next-stage.ts";
import { tellNote } from "./tell-note.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import type { VariantStages } from "./variant-stages.ts";

/**
 * The stages of one variant, each chosen from what those before measured, the faults, under the load that goes on
 * meanwhile, and the workload's invariants afterwards. A stage that fails is a result. Rejects when the agent is gone:
 * there is nobody left to send anything.
 */
export async function conductStages(setting: VariantStages): Promise<void> {
  const { benchmark, variant, workload, recording, resources, done, progress } = setting;
  const stages: Operated["counts"][] = [];
  const told: WriteOutcomes[] = [];
  let brokenOff: string | null = null;
  const loaded = { fromUs: Infinity, toUs: -Infinity };
  const take = (conducted: ConductedStage): void => {
    done.push(conducted.measurement);
    stages.push(conducted.counts);
    told.push(...conducted.told);
    brokenOff ??= conducted.brokenOff;
    loaded.fromUs = Math.min(loaded.fromUs, conducted.fromUs);
    loaded.toUs = Math.max(loaded.toUs, conducted.toUs);
  };
  recording.exactAnswers(
    await readExactAnswers(workload, variant.name, { ...setting, topology: variant.topology }),
  );
  let applied = "";
  const applyAnew = async ({ parameters }: Stage): Promise<void> => {
    const asked = findWorkload(benchmark.workload, { ...benchmark.parameters, ...parameters }) ?? workload;
    const wanted = JSON.stringify(asked.settings ?? {});
    if (wanted !== applied) await setting.applySettings(asked);
    applied = wanted;
  };
  for (;;) {
    const stage = nextStage(benchmark, variant, done, done.length + 1);
    if (stage === null) break;
    await applyAnew(stage);
    take(await conductStage(stage, setting));
    await resources.stageEnded(stage.stage);
  }
  if (setting.disturb !== null) {
    const stage = sustainedStage(benchmark, variant, done, setting.disturbedPhases);
    if (stage === null) {
      tellUnsustained(setting);
      await setting.disturb();
    } else {
      await applyAnew(stage);
      take(await conductSustained(stage, setting, setting.disturb));
      await resources.stageEnded(stage.stage);
    }
  }
  if (workload.indexedAfterLoad !== undefined && stages.length > 0) {
    progress.step("Indexes");
    await setting.indexAfterLoad(loaded);
  }
  progress.step("Invariants");
  recording.invariants(
    await checkInvariants({
      ...setting,
      workload,
      topology: variant.topology,
      counts: addUpCounts(stages),
      told,
      brokenOff,
      variant: variant.name,
    }),
  );
}

/**
 * Sends a stage for as long as the cluster is disturbed. Load that cannot begin, or breaks off, is a result: the faults
 * are injected all the same.
 */
async function conductSustained(
  stage: Stage,
  setting: VariantStages,
  disturb: () => Promise<void>,
): Promise<ConductedStage> {
  const { progress, agent } = setting;
  progress.note(`Under the faults: ${stageTitle(stage)}`);
  // The probes' line is the one to look at.
  const quiet = { step: () => undefined, detail: () => undefined, note: progress.note.bind(progress) };
  const sustained = conductStage(stage, { ...setting, progress: quiet });
  // It rejects when the agent is gone: then there is nothing more to be seen of the faults either.
  const gone = sustained.then(() => new Promise<never>(() => undefined));
  gone.catch(() => undefined);
  try {
    await Promise.race([disturb(), gone]);
  } finally {
    await agent.stopStage().catch(() => undefined);
    await sustained.catch(() => undefined);
  }
  return await sustained;
}

function tellUnsustained(setting: VariantStages): void {
  const { sustained } = setting.benchmark;
  if (sustained == null) return;
  const text = `No load was sustained under the faults: no capacity was found of which ${sustainedName(sustained)} could be sent.`;
  tellNote(text, setting);
}
