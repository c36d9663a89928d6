import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { advise } from "../../harness/advise/advise.ts";
import { bringUpCluster, type RunningCluster } from "../../harness/conduct/bring-up-cluster.ts";
import type { Progress } from "../../harness/model/progress.ts";
import { chooseBudgets } from "../../harness/plan/choose-budgets.ts";
import { systemClock } from "../../harness/support/system-clock.ts";
import { findWorkload, type WorkloadName } from "../../harness/workloads/catalogue.ts";
import { development } from "../../topologies/development.ts";
import { defaultRuntime } from "../../harness/runtime/catalogue.ts";

/** One PostgreSQL and the agent's container on one bridge; every engine sends from the same container. */
export interface BenchCluster extends AsyncDisposable {
  readonly cluster: RunningCluster;
  readonly clock: ReturnType<typeof systemClock>;
  readonly load: BenchLoad;
  /** Runs a shell script in the agent's container; resolves with what it printed on both outputs. */
  inAgent(script: string, budgetMs: number): Promise<string>;
}

/** What every contender sends. */
export interface BenchLoad {
  readonly workload: WorkloadName;
  readonly parameters: Readonly<Record<string, number>>;
}

const LIFETIME_SECONDS = 3600;

export async function bringUpBenchCluster(load: BenchLoad): Promise<BenchCluster> {
  const clock = systemClock();
  const told = (text: string): void => console.error(text);
  const progress: Progress = { step: told, detail: () => undefined, note: told };
  const cluster = await bringUpCluster(development, {
    runtime: defaultRuntime,
    runId: "bench",
    mode: "run",
    workload: findWorkload(load.workload, load.parameters) ?? null,
    budgets: chooseBudgets(development, advise(development, [])),
    lifetimeSeconds: LIFETIME_SECONDS,
    clock,
    progress,
    signal: AbortSignal.timeout(LIFETIME_SECONDS * 1000),
    onEvent: () => undefined,
    keptIn: tmpdir(),
    keepFile: () => Promise.resolve(),
  });
  return {
    cluster,
    clock,
    load,
    inAgent: async (script, budgetMs) => {
      const container = await agentOf(cluster.id);
      const { stdout, stderr } = await run("docker", ["exec", container, "bash", "-c", script], {
        timeout: budgetMs,
      });
      return stdout + stderr;
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

const run = promisify(execFile);

async function agentOf(id: string): Promise<string> {
  const labels = [`org.dpg-bench.cluster=${id}`, "org.dpg-bench.node=agent"];
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  const { stdout } = await run("docker", ["ps", "--quiet", ...filters], { timeout: 10_000 });
  return stdout.trim();
}
