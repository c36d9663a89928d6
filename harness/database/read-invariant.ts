import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Invariant } from "../model/workload.ts";

/** One look at a whole table, on a machine that has just been under load. */
const TRY_MS = 60_000;

/** A look at every node. */
const DECIDE_MS = 30_000;

/**
 * Has the cluster decide now what a crash left prepared of writes to several groups: until then they are there by half, and
 * neither lost nor torn. Called once nodes are where they belong. A HarnessError when it cannot be asked.
 */
export async function decidePrepared(remainingMs: () => number, retrying: SqlRetrying): Promise<void> {
  const { deciding = [] } = shardingCatalogue[retrying.topology.sharding];
  if (deciding.length === 0) return;
  await ask("have decided what crashes left prepared", deciding, DECIDE_MS, remainingMs, retrying);
}

/** What there is now of what a workload wants to be true, through the clients' way in. A HarnessError when it cannot be read. */
export async function readInvariant(
  { title, sql }: Pick<Invariant, "title" | "sql">,
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<number> {
  const rows = await ask(`read whether ${title}`, [sql], TRY_MS, remainingMs, retrying);
  const values = rows.flatMap((row) => Object.values(row));
  const found = typeof values[0] === "string" || typeof values[0] === "number" ? Number(values[0]) : NaN;
  if (values.length !== 1 || !Number.isFinite(found)) {
    throw new HarnessError({
      code: "invariant-unreadable",
      message: `Expected one row with one number from "${sql}", got ${JSON.stringify(rows)}.`,
    });
  }
  return found;
}

/** What breaks an invariant, by name, as far as it can say; a HarnessError when that cannot be read. */
export async function readNames(
  { title, naming }: Pick<Invariant, "title" | "naming">,
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<readonly string[]> {
  if (naming === undefined) return [];
  const rows = await ask(`name what breaks "${title}"`, [naming], TRY_MS, remainingMs, retrying);
  return rows.map(({ named }) => String(named));
}

async function ask(
  purpose: string,
  statements: readonly string[],
  tryMs: number,
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return await retrySql(
    {
      purpose,
      at: clientEndpoints(retrying.topology).readWrite,
      statements,
      tryMs,
      remainingMs,
      within: "the budget for reading invariants",
    },
    retrying,
  );
}
