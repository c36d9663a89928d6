import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints, groupsWithShards } from "../model/layout.ts";
import { shardLedgerTable } from "../workloads/ledger.ts";
import type { ShardKeys } from "../load/protocol/agent-protocol.ts";
import { countdown } from "./countdown.ts";
import { retrySql } from "./retry-sql.ts";
import { runSetupStages, type SettingUp } from "./run-setup-stages.ts";

/** One try, and all of them: the cluster is whole, so that the first should succeed. */
const TRY_MS = 10_000;
const BUDGET_MS = 60_000;
/** Keys that are asked for, for each shard: one that none of these belongs to is as good as impossible (e^-32). */
const KEYS_PER_SHARD = 32;

/**
 * Makes the table of the worker groups' probes, and finds for each group a key for each shard that it holds, by asking the
 * cluster. A HarnessError where a group holds none, or the cluster does not answer.
 */
export async function placeShardProbes(setting: SettingUp): Promise<ShardKeys> {
  const { topology, layout, clock } = setting;
  const dialect = shardingCatalogue[topology.sharding];
  const budget = {
    tryMs: TRY_MS,
    remainingMs: countdown(clock, BUDGET_MS),
    within: `the ${BUDGET_MS / 1000} s for placing the probes of the worker groups`,
  };
  await runSetupStages(dialect.stages({ topology, layout, tables: [shardLedgerTable] }), setting, budget);
  const keys = Array.from({ length: KEYS_PER_SHARD * topology.workers.shards }, (_, key) => key);
  const placed = await retrySql(
    {
      ...budget,
      purpose: "ask where the shards are",
      at: clientEndpoints(topology).readWrite,
      statements: [dialect.placement.keys(shardLedgerTable, keys)],
    },
    setting,
  );
  const keysOf = new Map<string | undefined, Map<string, number>>();
  for (const { key, shard, holder } of placed) {
    const group = dialect.placement.groupOf(String(holder), layout);
    const ofShards = keysOf.get(group) ?? new Map<string, number>();
    keysOf.set(
      group,
      ofShards.set(String(shard), Math.min(ofShards.get(String(shard)) ?? Infinity, Number(key))),
    );
  }
  return Object.fromEntries(
    groupsWithShards(topology).map((group) => [group, [...(keysOf.get(group)?.values() ?? none(group))]]),
  );
}

function none(group: string): never {
  throw new HarnessError({
    code: "group-without-shards",
    message: `Expected ${group} to hold a shard of ${shardLedgerTable.name}, found none.`,
    hint: "Make more shards (--set workers.shards=...), or leave load.shardProbes out.",
  });
}
