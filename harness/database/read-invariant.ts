import { retrySql, type SqlRetrying } from "./retry-sql.ts";
import { HarnessError } from "../model/errors.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Invariant } from "../model/workload.ts";

/** One look at a whole table, on a machine that has just been under load. */
const TRY_MS = 60_000;

/** What there is now of what a workload wants to be true, through the clients' way in. A HarnessError when it cannot be read. */
export async function readInvariant(
  { title, sql }: Pick<Invariant, "title" | "sql">,
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<number> {
  const { readWrite } = clientEndpoints(retrying.topology);
  const rows = await retrySql(
    {
      purpose: `read whether ${title}`,
      at: readWrite,
      statements: [sql],
      tryMs: TRY_MS,
      remainingMs,
      within: "the budget for reading invariants",
    },
    retrying,
  );
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
