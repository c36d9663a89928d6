import type { IndexStep } from "../cluster/sharding/sharding-dialect.ts";
import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Progress } from "../model/progress.ts";
import type { TableSpec } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { runSetupStep, type SettingUp, type SetupBudget } from "./run-setup-stages.ts";

/** For all indexes of a workload together, and beside that for its data: more than an HNSW index needs that outgrew its memory. */
const BUDGET_MS = 600_000;
const LEAST_BYTES_PER_SECOND = 100_000;

interface MakingIndexes extends SettingUp {
  readonly tables: readonly TableSpec[];
  /** About as large as all tables and their indexes are to be. */
  readonly dataBytes: number;
  readonly progress: Progress;
  readonly onEvent: (event: ClusterEvent) => void;
}

/**
 * Makes the tables' secondary indexes where their rows are, and tells of each, as an event, how long that took on each
 * group's primary, with which memory, and how large it is. One after the other on each group: they are not to compete.
 */
export async function makeIndexes(making: MakingIndexes): Promise<void> {
  const { topology, clock, progress, tables } = making;
  const budgetMs = BUDGET_MS + Math.ceil(making.dataBytes / LEAST_BYTES_PER_SECOND) * 1000;
  const budget: SetupBudget = {
    tryMs: budgetMs,
    remainingMs: countdown(clock, budgetMs),
    within: `the ${budgetMs / 1000} s for making indexes`,
  };
  for (const stage of shardingCatalogue[topology.sharding].indexing({ ...making, tables })) {
    progress.detail(`making the index ${stage[0]?.index ?? ""}`);
    await Promise.all(stage.map((step) => makeIndex(step, budget, making)));
  }
}

async function makeIndex(step: IndexStep, budget: SetupBudget, making: MakingIndexes): Promise<void> {
  const { clock, onEvent } = making;
  const beganUs = clock.nowUs();
  const [row = {}] = await runSetupStep(step, making, budget);
  const atUs = clock.nowUs();
  onEvent({
    kind: "index-made",
    atUs,
    group: step.at.group,
    table: step.table,
    index: step.index,
    tookMs: (atUs - beganUs) / 1000,
    bytes: Number(row.bytes ?? 0),
    memory: typeof row.memory === "string" ? row.memory : "",
    parallelWorkers: Number(row.workers ?? 0),
  });
}
