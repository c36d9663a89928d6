import { countdown } from "./countdown.ts";
import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Invariant } from "../model/workload.ts";

/** One look at a whole table, on a machine that has just been under load. */
const TRY_MS = 60_000;

/** A look at every node. */
const DECIDE_MS = 30_000;
/** Between two looks at what is still under way. */
const LOOK_AGAIN_MS = 250;

/**
 * Has the cluster decide what had been prepared by now of writes to several groups, and was left so by a crash: until then
 * they are there by half, and neither lost nor torn. Called once nodes are where they belong. A HarnessError when it cannot
 * be asked, or something stays undecided.
 */
export async function decidePrepared(remainingMs: () => number, retrying: SqlRetrying): Promise<void> {
  try {
    await decide(remainingMs, retrying);
  } catch (error) {
    retrying.signal.throwIfAborted();
    if (!(error instanceof HarnessError)) throw error;
    // One code, whatever it failed by: it is the cluster that does not let itself be read.
    throw new HarnessError({ code: "prepared-undecided", message: error.message, cause: error });
  }
}

async function decide(remainingMs: () => number, retrying: SqlRetrying): Promise<void> {
  const { deciding } = shardingCatalogue[retrying.topology.sharding];
  if (deciding === undefined) return;
  const decideMs = countdown(retrying.clock, 2 * DECIDE_MS);
  const leftMs = (): number => Math.min(remainingMs(), decideMs());
  const purpose = "have decided what crashes left prepared";
  const [started] = await ask(
    purpose,
    ["SELECT clock_timestamp()::text AS now"],
    DECIDE_MS,
    leftMs,
    retrying,
  );
  for (;;) {
    const statements = [...deciding.statements, deciding.undecidedOf(String(started?.now))];
    const [found] = await ask(purpose, statements, DECIDE_MS, leftMs, retrying);
    if (found?.undecided === 0) return;
    if (leftMs() <= LOOK_AGAIN_MS)
      throw new HarnessError({
        code: "prepared-undecided",
        message: `Expected no write to several groups to be left prepared within ${(2 * DECIDE_MS) / 1000} s; found ${String(found?.undecided)} that are not decided, or servers that cannot be asked.`,
      });
    await retrying.clock.sleep(LOOK_AGAIN_MS, retrying.signal);
  }
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
