import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { countdown } from "./countdown.ts";
import { makeIndexes } from "./make-indexes.ts";
import { openFileRows } from "./open-file-rows.ts";
import { retrySql } from "./retry-sql.ts";
import { DpgError, HarnessError } from "../model/errors.ts";
import type { VectorFiles } from "../model/benchmark.ts";
import { formatCount } from "../model/format-value.ts";
import type { ClusterEvent } from "../model/event.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { Progress } from "../model/progress.ts";
import type { Workload } from "../model/workload.ts";
import { readInvariant } from "./read-invariant.ts";
import { runSetupStages, type SettingUp, type SetupBudget } from "./run-setup-stages.ts";
import { dataFingerprint, selectDataRecord, writeDataRecord } from "../workloads/data-record.ts";

/** Each statement that fills a table has this long, tries and all: it writes 50,000 rows at most, or reads everything once. */
const FILL_STATEMENT_MS = 120_000;
/** Vacuum, analyze and checkpoint after that, on each group: they read and write everything once. */
const SETTLE_MS = 300_000;
/** What a slow, busy disk reads and writes; both have as long again as all data takes at this pace. */
const LEAST_BYTES_PER_SECOND = 20_000_000;

interface Filling extends SettingUp {
  readonly workload: Workload;
  readonly files?: VectorFiles | undefined;
  readonly progress: Progress;
  readonly onEvent: (event: ClusterEvent) => void;
  /** For the short statements: what is left of the budget for becoming ready. */
  readonly readyBudget: SetupBudget;
}

/**
 * Makes and fills the workload's tables, unless they hold this very data already, untouched. Other data than this is
 * dropped first. Ends with tables that are vacuumed, analyzed and written to disk; resolves with how long filling and
 * that took.
 */
export async function fillWorkload(filling: Filling): Promise<{ readonly fillingMs: number }> {
  const { workload, topology, clock, readyBudget, progress } = filling;
  const { tables } = workload;
  const dialect = shardingCatalogue[topology.sharding];
  const fingerprint = dataFingerprint(workload, topology.sharding, filling.files ?? null);
  const [recorded] = await ask(selectDataRecord(workload), filling, readyBudget);
  if (recorded !== undefined) {
    const same = recorded.fingerprint === fingerprint;
    const filled = recorded.filled === true;
    if (same && filled && (await isUntouched(filling))) {
      progress.detail(`${workload.name} is filled already`);
      return { fillingMs: 0 };
    }
    // What was begun with the same statements and not ended is filled on.
    if (!same || filled) {
      progress.detail(`dropping other data of ${workload.name}`);
      await runSetupStages(dialect.removal({ ...filling, tables }), filling, readyBudget);
    }
  }
  // Before the first table: whatever is there after a crash has its record.
  await ask(writeDataRecord(workload, fingerprint, false), filling, readyBudget);
  await runSetupStages(dialect.stages({ ...filling, tables }), filling, readyBudget);
  const startedUs = clock.nowUs();
  await fillFromFiles(filling);
  await runSeed(filling);
  if (workload.indexedAfterLoad === undefined)
    await makeIndexes({ ...filling, tables, dataBytes: workload.dataBytes });
  const settleMs = withData(SETTLE_MS, workload);
  const settling: SetupBudget = {
    tryMs: settleMs,
    remainingMs: countdown(clock, settleMs),
    within: `the ${settleMs / 1000} s for settling after filling`,
  };
  await settle(filling, settling);
  await ask(writeDataRecord(workload, fingerprint, true), filling, settling);
  return { fillingMs: (clock.nowUs() - startedUs) / 1000 };
}

/** Rows of files: what one statement takes is in memory, and no more. */
async function fillFromFiles(filling: Filling): Promise<void> {
  const { workload, files, progress } = filling;
  for (const fill of workload.filledFromFiles ?? []) {
    const file = files?.[fill.of];
    if (file == null) throw new TypeError(`The plan has no file of ${fill.of} for ${workload.name}`);
    await using rows = await openFileRows(fill, file);
    for (let done = 0; done < fill.rows;) {
      const of = `${formatCount(done)} of ${formatCount(fill.rows)} rows of ${file.path}`;
      progress.detail(`filling ${fill.table}: ${of}`);
      const { sql, count } = await rows.statement(done);
      await runFill(sql, `fill ${fill.table} (${of} done)`, filling);
      done += count;
    }
  }
}

async function runFill(statement: string, purpose: string, filling: Filling): Promise<void> {
  const { topology, clock } = filling;
  const statementMs = withData(FILL_STATEMENT_MS, filling.workload);
  await retrySql(
    {
      purpose,
      at: clientEndpoints(topology).readWrite,
      statements: [statement],
      tryMs: statementMs,
      remainingMs: countdown(clock, statementMs),
      within: `the ${statementMs / 1000} s of each statement that fills tables`,
    },
    filling,
  );
}

function withData(budgetMs: number, { dataBytes }: Pick<Workload, "dataBytes">): number {
  return budgetMs + Math.floor(dataBytes / LEAST_BYTES_PER_SECOND) * 1000;
}

async function runSeed(filling: Filling): Promise<void> {
  const { workload, progress } = filling;
  const count = workload.seed.length;
  const run = async (index: number, statement: string): Promise<void> => {
    progress.detail(`filling ${workload.name}: ${index + 1} of ${count}`);
    await runFill(statement, `fill ${workload.name} (statement ${index + 1} of ${count})`, filling);
  };
  for (let index = 0; index < count;) {
    const together = togetherFrom(index, workload);
    await Promise.all(together.map((statement, at) => run(index + at, statement)));
    index += together.length;
  }
}

/** The statement at this place of `seed`, and the next one where it may run at the same time. */
function togetherFrom(
  index: number,
  { seed, filledInAnyOrder = [] }: Pick<Workload, "seed" | "filledInAnyOrder">,
): readonly string[] {
  const fills = (statement: string | undefined, table: string): boolean =>
    statement?.includes(`insert into ${table} `) === true;
  const table = filledInAnyOrder.find((name) => fills(seed[index], name));
  return seed.slice(index, index + (table !== undefined && fills(seed[index + 1], table) ? 2 : 1));
}

/** Nothing that filling began is left to do while load is sent: hint bits, visibility map, statistics, dirty pages. */
async function settle(filling: Filling, budget: SetupBudget): Promise<void> {
  const { workload, topology, layout, progress } = filling;
  progress.detail(`settling the tables of ${workload.name}`);
  const { tables } = workload;
  const stages = shardingCatalogue[topology.sharding].settling({ ...filling, tables });
  await runSetupStages(stages, filling, budget);
  const checkpoints = layout.groups.map(({ name }) => ({
    title: `Checkpoint ${name}`,
    at: { group: name },
    statements: ["CHECKPOINT"],
  }));
  await runSetupStages([checkpoints], filling, budget).catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
  });
}

/** Operations may have changed the data: it is as it was filled when every invariant holds for no operation at all. */
async function isUntouched(filling: Filling): Promise<boolean> {
  for (const invariant of filling.workload.invariants) {
    const { atLeast, atMost } = invariant.bounds({});
    try {
      const found = await readInvariant(invariant, filling.readyBudget.remainingMs, filling);
      if (found < atLeast || found > atMost) return false;
    } catch (error) {
      if (error instanceof HarnessError) return false;
      throw error;
    }
  }
  return true;
}

async function ask(
  statement: string,
  filling: Filling,
  budget: SetupBudget,
): Promise<Awaited<ReturnType<typeof retrySql>>> {
  return await retrySql(
    {
      ...budget,
      purpose: `keep the record of ${filling.workload.name}'s data`,
      at: clientEndpoints(filling.topology).readWrite,
      statements: [statement],
    },
    filling,
  );
}

/** CHECKPOINT asks for a superuser or a member of pg_checkpoint. */
function isForbidden(error: unknown): boolean {
  return error instanceof HarnessError && error.cause instanceof DpgError && error.cause.code === "42501";
}
