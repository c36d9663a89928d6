import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { clientEndpoints } from "../model/layout.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";

/** A look at every node. */
const TRY_MS = 30_000;

/**
 * Has the cluster decide now what a crash left prepared of writes to several groups: until then they are there by half, and
 * neither lost nor torn. Called once nodes are where they belong. A HarnessError when it cannot be asked.
 */
export async function decidePrepared(remainingMs: () => number, retrying: SqlRetrying): Promise<void> {
  const { topology } = retrying;
  const { deciding = [] } = shardingCatalogue[topology.sharding];
  if (deciding.length === 0) return;
  await retrySql(
    {
      purpose: "have decided what crashes left prepared",
      at: clientEndpoints(topology).readWrite,
      statements: deciding,
      tryMs: TRY_MS,
      remainingMs,
      within: "the budget for reading invariants",
    },
    retrying,
  );
}
