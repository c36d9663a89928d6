import { HarnessError } from "../../model/errors.ts";
import type { ShardControl } from "../../model/shards.ts";
import { whyShardsStay } from "../../model/shards.ts";
import type { ShardingDialect } from "../../model/topology.ts";
import type { Workload } from "../../model/workload.ts";
import { dataRecord } from "../../workloads/data-record.ts";
import { ledgerTable, shardLedgerTable } from "../../workloads/ledger.ts";
import { citusMover } from "./citus-mover.ts";
import { fdwMover } from "./fdw-mover.ts";
import type { MovingShards, ShardMover } from "./shard-mover.ts";

/** null: shards stay where they are made. */
const movers: Readonly<Record<ShardingDialect, ShardMover | null>> = {
  none: null,
  fdw: fdwMover,
  citus: citusMover,
};

/** Where the shards of a cluster's tables are, and how they are moved. What a topology cannot do, it says when it is asked to. */
export function shardControl(
  parts: Omit<MovingShards, "tables"> & {
    /** null: only the harness's own tables are there. */
    readonly workload: Workload | null;
  },
): ShardControl {
  const { topology, workload } = parts;
  const mover = movers[topology.sharding];
  const why = whyShardsStay(topology);
  if (mover === null || why !== null)
    return immovable(why?.message ?? "its dialect has no way to move them.");
  return mover({
    ...parts,
    tables: [ledgerTable, shardLedgerTable, dataRecord, ...(workload?.tables ?? [])],
  });
}

function immovable(why: string): ShardControl {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new HarnessError({ code: "shards-stay", message: `Expected shards that can be moved; found: ${why}` }),
    );
  return { read: refuse, spreadOver: refuse, cleanUp: () => Promise.resolve() };
}
