import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { directEndpoints } from "../model/layout.ts";
import { directLedgerTable } from "../workloads/ledger.ts";
import { countdown } from "./countdown.ts";
import { runSetupStages, type SettingUp } from "./run-setup-stages.ts";

/** One try, and all of them: the cluster is whole, so that the first should succeed. */
const TRY_MS = 10_000;
const BUDGET_MS = 60_000;

/** Makes the tables of the writers that are connected to single members. */
export async function makeDirectLedgers(setting: SettingUp): Promise<void> {
  const { topology, layout, clock } = setting;
  const tables = Object.keys(directEndpoints(topology)).map(directLedgerTable);
  const stages = shardingCatalogue[topology.sharding].stages({ topology, layout, tables });
  await runSetupStages(stages, setting, {
    tryMs: TRY_MS,
    remainingMs: countdown(clock, BUDGET_MS),
    within: `the ${BUDGET_MS / 1000} s for making the tables of the direct writers`,
  });
}
