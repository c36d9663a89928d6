import { clientEndpoints } from "../model/layout.ts";
import type { ExactAnswer } from "../model/search.ts";
import type { Workload } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";

/** Ten thousand queries of a hundred rows are some ten megabytes. */
const BUDGET_MS = 60_000;

/** What the workload's searches are compared with, as it was found when the tables were filled. */
export async function readExactAnswers(
  { operations }: Workload,
  variant: string,
  retrying: SqlRetrying,
): Promise<ExactAnswer[]> {
  const answers: ExactAnswer[] = [];
  for (const { name, search } of operations) {
    if (search === undefined) continue;
    const rows = await retrySql(
      {
        purpose: `read the exact answers of ${name}`,
        at: clientEndpoints(retrying.topology).readWrite,
        statements: [search.truth],
        tryMs: BUDGET_MS,
        remainingMs: countdown(retrying.clock, BUDGET_MS),
        within: `the ${BUDGET_MS / 1000} s for reading exact answers`,
      },
      retrying,
    );
    for (const { query, distances } of rows) {
      answers.push({
        variant,
        operation: name,
        query: Number(query),
        rows: search.rows,
        lastLastingId: search.lastLastingId,
        distances: (distances as readonly unknown[]).map(Number),
      });
    }
  }
  return answers;
}
