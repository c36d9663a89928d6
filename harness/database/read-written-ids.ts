import { retrySql, type SqlRetrying } from "./retry-sql.ts";
import { type IdRange, idRangesSql, rangesOf } from "../load/protocol/id-ranges.ts";
import { BitSet } from "../model/bit-set.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";
import { readInvariant } from "./read-invariant.ts";

/** Ids that one statement asks for: where they are there by chance, its answer has 260,000 rows. */
const IDS_AT_A_TIME = 2 ** 24;
/** One look at a part of a table, on a machine that has just been under load. */
const TRY_MS = 60_000;

interface WrittenIds {
  /** The numbers that are there, of each stage's writes. */
  readonly ofStages: readonly BitSet[];
  /** Positive ids that are there and are no stage's. */
  readonly elsewhere: number;
}

/**
 * Which of the ids that stages may have written are in a table now, and how many others, through the clients' way in. A
 * HarnessError when they cannot be read.
 */
export async function readWrittenIds(
  table: string,
  stages: readonly WriteOutcomes[],
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<WrittenIds> {
  const ofStages: BitSet[] = [];
  for (const { firstId, numbers } of stages) {
    const found = new BitSet();
    const end = Math.max(numbers.ok.end, numbers.failed.end, numbers.unknown.end);
    for (let first = 0; first < end; first += IDS_AT_A_TIME) {
      const where = between(firstId + first, firstId + Math.min(end, first + IDS_AT_A_TIME) - 1);
      for (const [from, to] of await readRanges(table, where, remainingMs, retrying)) {
        for (let id = from; id <= to; id += 1) found.add(id - firstId);
      }
    }
    ofStages.push(found);
  }
  const read = stages.map(({ firstId, numbers: { ok, failed, unknown } }) =>
    between(firstId, firstId + Math.max(ok.end, failed.end, unknown.end) - 1),
  );
  const others = ["id > 0", ...read.map((each) => `not (${each})`)].join(" and ");
  const elsewhere = await readInvariant(
    { title: `no other id is in ${table}`, sql: `select count(*) as found from ${table} where ${others}` },
    remainingMs,
    retrying,
  );
  return { ofStages, elsewhere };
}

async function readRanges(
  table: string,
  where: string,
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<Iterable<IdRange>> {
  const rows = await retrySql(
    {
      purpose: `read which ids are in ${table}`,
      at: clientEndpoints(retrying.topology).readWrite,
      statements: [idRangesSql(table, where)],
      tryMs: TRY_MS,
      remainingMs,
      within: "the budget for reading invariants",
    },
    retrying,
  );
  return rangesOf(rows);
}

function between(from: number, to: number): string {
  return `id between ${from} and ${to}`;
}
