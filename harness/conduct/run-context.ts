import type { RunningCluster } from "./bring-up-cluster.ts";
import type { RunningLoad } from "../load/client/start-load.ts";
import type { SqlRunner } from "../model/capabilities.ts";
import type { Clock } from "../model/clock.ts";
import type { DpgError } from "../model/errors.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingWriter } from "../model/recording.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";

/** What surrounds a run, and is not part of what is run. */
export interface RunContext {
  /** Where clusters run. */
  readonly runtime: ContainerRuntime;
  /** Folder that holds all runs, such as `runs`. */
  readonly runsDirectory: string;
  /** Aborted with an InterruptedError on SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Leaves the cluster running after the run, as an interactive one. */
  readonly keep: boolean;
}

/** The same, once the recording has begun and its clock runs. */
export interface Conducting extends RunContext {
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly recording: RecordingWriter;
  /** Ends the run now, with this reason. */
  readonly giveUp: (reason: DpgError) => void;
}

/** What there is while load is sent. */
export interface LoadedCluster extends Pick<Conducting, "signal" | "progress" | "recording"> {
  readonly clock: Clock;
  readonly plan: RunPlan;
  readonly cluster: Pick<RunningCluster, "layout" | "topology" | "tools"> & { readonly agent: SqlRunner };
  readonly load: RunningLoad;
  /** Asks every copy of the searched table, after this injection (null: before the first); null: they are not asked. */
  readonly askCopies: ((injection: number | null) => Promise<void>) | null;
}
