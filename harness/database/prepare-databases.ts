import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { fillWorkload } from "./fill-workload.ts";
import { retrySql } from "./retry-sql.ts";
import { inVectorWords } from "./in-vector-words.ts";
import type { VectorFiles } from "../model/benchmark.ts";
import type { ClusterEvent } from "../model/event.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Progress } from "../model/progress.ts";
import type { Workload } from "../model/workload.ts";
import { runSetupStages, type SettingUp, type SetupBudget } from "./run-setup-stages.ts";
import { dataRecord } from "../workloads/data-record.ts";
import { ledgerTable } from "../workloads/ledger.ts";

interface Preparing extends SettingUp {
  readonly workload: Workload | null;
  /** That the workload is filled from; left out: it makes its data. */
  readonly files?: VectorFiles | undefined;
  readonly progress: Progress;
  readonly onEvent: (event: ClusterEvent) => void;
  /** What is left of the budget for becoming ready. */
  readonly remainingMs: () => number;
}

/** One try at one step. */
const TRY_MS = 10_000;

/**
 * Makes and fills the tables: on each group as soon as it has a leader, before its standbys are there, so that
 * they copy it all along with the rest. Filling has budgets of its own: resolves with how long it took, which is not
 * to be counted against the budget for becoming ready. A HarnessError that names the statement and its SQLSTATE when
 * one fails for good, or for too long.
 */
export async function prepareDatabases(preparing: Preparing): Promise<{ readonly fillingMs: number }> {
  const { topology, workload } = preparing;
  const tables = [ledgerTable, ...(workload === null ? [] : [dataRecord])];
  const readyBudget = readyBudgetOf(preparing);
  const stages = shardingCatalogue[topology.sharding].stages({ ...preparing, tables });
  await runSetupStages(stages, preparing, readyBudget);
  if (workload === null) return { fillingMs: 0 };
  const inWords = await inVectorWords(workload, preparing);
  return await fillWorkload({ ...preparing, workload: inWords, readyBudget });
}

/** Resolves when a write through the clients' way in has succeeded. Its id is below those of any load. */
export async function proveWrite(preparing: Preparing): Promise<void> {
  await retrySql(
    {
      ...readyBudgetOf(preparing),
      purpose: "write through the clients' way in",
      at: clientEndpoints(preparing.topology).readWrite,
      statements: [`insert into ${ledgerTable.name} (id) values (0) on conflict do nothing`],
    },
    preparing,
  );
}

function readyBudgetOf({ remainingMs }: Preparing): SetupBudget {
  return { tryMs: TRY_MS, remainingMs, within: "the budget for becoming ready" };
}
