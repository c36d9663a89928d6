import { bringUpCluster } from "./bring-up-cluster.ts";
import { clusterOptions } from "./cluster-options.ts";
import { conductStages } from "./conduct-stages.ts";
import { describeEnvironment } from "./describe-environment.ts";
import { keepLogs } from "./keep-logs.ts";
import type { PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RecordingWriter } from "../model/recording.ts";
import type { Conducting } from "./run-context.ts";
import { watchResources } from "./watch-resources.ts";
import { findWorkload } from "../workloads/catalogue.ts";

/** Every variant of a benchmark, one after the other, each on a fresh cluster of its own. */
export async function conductBenchmark(
  plan: RunPlan,
  benchmark: PlannedBenchmark,
  conducting: Conducting,
): Promise<void> {
  const done: StageMeasurement[] = [];
  for (const variant of benchmark.variants) {
    if (variant.name !== "") {
      conducting.recording.event({ kind: "variant", atUs: conducting.clock.nowUs(), variant: variant.name });
      conducting.progress.note(`Variant "${variant.name}"`);
    }
    await conductVariant(variant, { plan, benchmark, done, conducting });
  }
}

async function conductVariant(
  variant: PlannedVariant,
  {
    plan,
    benchmark,
    done,
    conducting,
  }: {
    readonly plan: RunPlan;
    readonly benchmark: PlannedBenchmark;
    /** Gets what each stage measured. */
    readonly done: StageMeasurement[];
    readonly conducting: Conducting;
  },
): Promise<void> {
  const { clock, signal, progress } = conducting;
  const recording = filesOf(variant, conducting.recording);
  const workload = findWorkload(benchmark.workload, benchmark.parameters);
  if (workload === undefined) throw new TypeError(`The scenario was not checked: ${benchmark.workload}`);
  const first = variant === benchmark.variants[0];
  const last = variant === benchmark.variants.at(-1);
  const keep = conducting.keep && last;
  await using cluster = await bringUpCluster(variant.topology, {
    ...clusterOptions(plan, { ...conducting, recording, keep }),
    workload,
  });
  try {
    // One for the run: variants differ in their topology, which the plan has.
    if (first) recording.environment(await describeEnvironment(cluster, clock));
    const resources = { cluster, recording, clock, signal };
    await conductStages({
      seed: plan.seed,
      benchmark,
      variant,
      workload,
      agent: cluster.agent,
      watch: (writer) => watchResources({ ...resources, recording: writer }),
      recording,
      done,
      clock,
      signal,
      progress,
    });
  } finally {
    if (keep) cluster.keep();
    await keepLogs(cluster, recording);
  }
}

/** Files of a variant (logs, configuration) are kept in a folder of its own. */
function filesOf({ name }: PlannedVariant, recording: RecordingWriter): RecordingWriter {
  if (name === "") return recording;
  const folder = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return {
    ...recording,
    file: (relativePath, content) => recording.file(relativePath.replace("/", `/${folder}/`), content),
  };
}
