import path from "node:path";
import { makeDirectLedgers } from "../database/make-direct-ledgers.ts";
import { placeShardProbes } from "../database/place-shard-probes.ts";
import { startLoad } from "../load/client/start-load.ts";
import type { PlannedVariant } from "../model/benchmark.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RecordingWriter } from "../model/recording.ts";
import { longestSeconds, longestUnderProbes } from "../plan/longest-seconds.ts";
import { readCopies, readSearchPlans } from "../database/read-copies.ts";
import { indexAfterLoad } from "../database/index-after-load.ts";
import { readPlacements } from "../database/read-placement.ts";
import { applySettings } from "../database/apply-settings.ts";
import type { Workload } from "../model/workload.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { bringUpCluster, type BringUpOptions, type RunningCluster } from "./bring-up-cluster.ts";
import { conductPhases } from "./conduct-phases.ts";
import { conductStages } from "./conduct-stages.ts";
import { describeEnvironment } from "./describe-environment.ts";
import type { Conducting } from "./run-context.ts";
import { watchResources } from "./watch-resources.ts";
import { narrateLoad } from "./narrate.ts";

/**
 * The time line of a run, on each of its clusters (one, but for the variants of a benchmark): the stages of its
 * benchmark, then probes, faults and the load that is sustained under them, then what must be true of the data.
 */
export async function conductTimeLine(plan: RunPlan, conducting: Conducting): Promise<void> {
  const done: StageMeasurement[] = [];
  const clusters = plan.benchmark?.variants ?? [{ name: "", topology: plan.topology }];
  for (const cluster of clusters) {
    if (cluster.name !== "") {
      const atUs = conducting.clock.nowUs();
      conducting.recording.event({ kind: "variant", atUs, variant: cluster.name });
      conducting.progress.note(`Variant "${cluster.name}"`);
    }
    const first = cluster === clusters[0];
    const keep = conducting.keep && cluster === clusters.at(-1);
    await conductOn(cluster, { plan, done, first, conducting: { ...conducting, keep } });
  }
}

async function conductOn(
  variant: PlannedVariant,
  {
    plan,
    done,
    first,
    conducting,
  }: {
    readonly plan: RunPlan;
    /** Gets what each stage measured. */
    readonly done: StageMeasurement[];
    /** Of the run's clusters. */
    readonly first: boolean;
    readonly conducting: Conducting;
  },
): Promise<void> {
  const { clock, signal, progress, keep } = conducting;
  const { benchmark } = plan;
  const recording = filesOf(variant, conducting.recording);
  const name = benchmark?.workload ?? plan.load?.background?.workload;
  const workload = name === undefined ? null : (findWorkload(name, benchmark?.parameters) ?? null);
  await using cluster = await bringUpCluster(variant.topology, {
    ...clusterOptions(plan, { ...conducting, recording }),
    workload,
    files: benchmark?.files,
  });
  try {
    // One for the run: variants differ in their topology, which the plan has.
    if (first) recording.environment(await describeEnvironment(cluster, clock));
    await using resources = await watchResources({ cluster, recording, clock, signal });
    const disturb =
      plan.load === null ? null : () => conductFaults(plan, cluster, workload, { ...conducting, recording });
    const readWhereRowsAre = async (): Promise<void> => {
      if (workload === null) return;
      recording.placements(
        await readPlacements({ ...cluster, workload, variant: variant.name, clock, signal }),
      );
    };
    if (benchmark === null) {
      await disturb?.();
      await readWhereRowsAre();
      return;
    }
    if (workload === null) throw new TypeError(`The scenario was not checked: ${benchmark.workload}`);
    await conductStages({
      seed: plan.seed,
      benchmark,
      variant,
      workload,
      agent: cluster.agent,
      resources,
      applySettings: async (wanted) => {
        await applySettings(wanted, { ...cluster, clock, signal });
        for (const plan of await readSearchPlans({ ...cluster, workload: wanted, clock, signal }))
          recording.event({ kind: "search-plan", atUs: clock.nowUs(), ...plan });
      },
      indexAfterLoad: async (loaded) => {
        const onEvent = recording.event.bind(recording);
        await indexAfterLoad({ ...cluster, workload, loaded, onEvent, clock, signal, progress });
      },
      disturb,
      disturbedPhases: {
        warmupSeconds: plan.phases.warmupSeconds,
        steadySeconds: longestUnderProbes(plan),
      },
      recording,
      done,
      clock,
      signal,
      progress,
    });
    await readWhereRowsAre();
  } finally {
    if (keep) cluster.keep();
    await keepLogs(cluster, recording);
  }
}

/** Probes (and background load), and one injection after the other. */
async function conductFaults(
  plan: RunPlan,
  cluster: RunningCluster,
  workload: Workload | null,
  conducting: Conducting,
): Promise<void> {
  const { clock, signal, progress, recording, giveUp } = conducting;
  const shardKeys =
    plan.load?.shardProbes == null ? undefined : await placeShardProbes({ ...cluster, clock, signal });
  if (plan.load?.directWriters != null) await makeDirectLedgers({ ...cluster, clock, signal });
  await using load = await startLoad({
    plan,
    agent: cluster.agent,
    shardKeys,
    recording,
    clock,
    signal,
    onBroken: giveUp,
  });
  using _narration = narrateLoad(load, progress);
  const questions = plan.benchmark?.copies ?? null;
  const askCopies =
    questions === null || workload === null
      ? null
      : async (injection: number | null): Promise<void> => {
          const asking = { ...cluster, workload, questions, injection, clock, signal };
          recording.copyAnswers(await readCopies(asking));
        };
  await conductPhases({ plan, cluster, load, askCopies, clock, signal, progress, recording });
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

/** Every node's log, so that a surprising figure can be traced; what cannot be read says so in its file. */
async function keepLogs(
  cluster: Pick<RunningCluster, "layout" | "logs">,
  recording: Pick<RecordingWriter, "file">,
): Promise<void> {
  await Promise.all(
    cluster.layout.nodes.map(async ({ name }) => {
      const log = await cluster.logs(name).catch((error: unknown) => `(no log: ${String(error)})\n`);
      await recording.file(`logs/${name}.log`, log);
    }),
  );
}

/** How a run brings its clusters up, all but the workload. */
function clusterOptions(plan: RunPlan, conducting: Conducting): Omit<BringUpOptions, "workload"> {
  const { recording, keep, giveUp } = conducting;
  return {
    ...conducting,
    runId: path.basename(recording.directory),
    mode: keep ? "interactive" : "run",
    budgets: plan.budgets,
    lifetimeSeconds: longestSeconds(plan),
    onEvent: (event) => recording.event(event),
    onBroken: giveUp,
    needsK6: plan.benchmark?.client.engine === "k6",
    keptIn: recording.directory,
    keepFile: (file, text) => recording.file(file, text),
  };
}
