import type { Micros } from "../model/clock.ts";
import type { ClusterEvent } from "../model/event.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Progress } from "../model/progress.ts";
import type { Workload } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { inVectorWords } from "./in-vector-words.ts";
import { makeIndexes } from "./make-indexes.ts";
import { retrySql } from "./retry-sql.ts";
import type { SettingUp } from "./run-setup-stages.ts";

/** For the first search, and for counting rows, with tries. */
const BUDGET_MS = 120_000;

interface IndexingAfterLoad extends SettingUp {
  readonly workload: Workload;
  /** When the load began and ended. */
  readonly loaded: { readonly fromUs: Micros; readonly toUs: Micros };
  readonly progress: Progress;
  readonly onEvent: (event: ClusterEvent) => void;
}

/**
 * Of a workload that is indexed after its load: makes its indexes, searches by them for the first time, and tells as events
 * how many rows were loaded, how long each index took, and how long after the last row the search was answered.
 */
export async function indexAfterLoad(indexing: IndexingAfterLoad): Promise<void> {
  const { workload, topology, clock, loaded, onEvent } = indexing;
  if (workload.indexedAfterLoad === undefined) return;
  const { table, search } = workload.indexedAfterLoad;
  const ask = async (purpose: string, statements: readonly string[]): ReturnType<typeof retrySql> =>
    await retrySql(
      {
        purpose,
        at: clientEndpoints(topology).readWrite,
        statements,
        tryMs: BUDGET_MS,
        remainingMs: countdown(clock, BUDGET_MS),
        within: `the ${BUDGET_MS / 1000} s for what follows the load of ${workload.name}`,
      },
      indexing,
    );
  const { tables } = await inVectorWords(workload, indexing);
  await makeIndexes({ ...indexing, tables, dataBytes: workload.dataBytes });
  // By the index, however few rows there are. Its transaction ends with the connection.
  const found = await ask(`search ${table} by its index`, [
    "begin",
    "set local enable_seqscan = off",
    search,
  ]);
  const atUs = clock.nowUs();
  // A search that finds nothing says nothing of an index: nothing was loaded, or the index does not have it.
  if (found.length > 0) onEvent({ kind: "searchable", atUs, table, tookMs: (atUs - loaded.toUs) / 1000 });
  const [row = {}] = await ask(`count the rows of ${table}`, [`select count(*) as rows from ${table}`]);
  const tookMs = (loaded.toUs - loaded.fromUs) / 1000;
  onEvent({ kind: "rows-loaded", atUs: clock.nowUs(), table, rows: Number(row.rows), tookMs });
}
