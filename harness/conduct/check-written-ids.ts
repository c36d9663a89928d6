import { compareIds, type IdComparison } from "../check/compare-ids.ts";
import type { SqlRetrying } from "../database/retry-sql.ts";
import { BitSet } from "../model/bit-set.ts";
import type { InvariantReading } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";
import { readWrittenIds } from "../database/read-written-ids.ts";
import { formatCount } from "../model/format-value.ts";

/** The writes of one operation whose rows carry its number, of all stages on one cluster. */
export interface WrittenRows {
  readonly operation: string;
  readonly table: string;
  readonly told: readonly WriteOutcomes[];
}

/** Ids that a sentence names; the reading has more. */
const NAMED_IN_EVIDENCE = 10;

/** Whether the engine told of every one of these writes what became of it. */
export function allWereTold({ told }: WrittenRows, { ok, failed, unknown }: OperationCount): boolean {
  const sum = (outcome: keyof WriteOutcomes["numbers"]): number =>
    told.reduce((total, { numbers }) => total + numbers[outcome].size, 0);
  return sum("ok") === ok && sum("failed") === failed && sum("unknown") === unknown;
}

/**
 * What was lost, and what is there and should not be, id by id. Where not all was told (`complete` is false) only what
 * was lost of that which was, and nothing where nothing was. A HarnessError when the table cannot be read.
 */
export async function checkWrittenIds(
  { operation, table, told }: WrittenRows,
  reading: Pick<InvariantReading, "variant" | "workload"> & { readonly complete: boolean },
  remainingMs: () => number,
  retrying: SqlRetrying,
): Promise<InvariantReading[]> {
  const { complete, variant, workload } = reading;
  const { ofStages, elsewhere } = await readWrittenIds(table, told, remainingMs, retrying);
  const compared = compareIds(
    told.map((each, index) => ({ told: each, found: ofStages[index] ?? new BitSet() })),
  );
  const { missing, missingIds, failed, failedButThere } = compared;
  const neverSent = compared.neverSent + elsewhere;
  const common = { variant, workload, atLeast: 0, atMost: 0, problem: null };
  const lost = {
    ...common,
    title: `no acknowledged ${operation} is missing`,
    found: missing,
    evidence: sayLost(compared),
    missingIds,
  };
  if (!complete) return missing === 0 ? [] : [lost];
  return [
    lost,
    {
      ...common,
      title: `no ${operation} is there that failed or was never sent`,
      found: failedButThere + neverSent,
      evidence: `Of ${formatCount(failed)} that failed, ${formatCount(failedButThere)} are there; so are ${formatCount(neverSent)} that no stage sent.`,
    },
  ];
}

function sayLost({ acknowledged, missing, missingIds, unknown, unknownButThere }: IdComparison): string {
  const ids = missingIds.slice(0, NAMED_IN_EVIDENCE).join(", ");
  const more = missing > NAMED_IN_EVIDENCE ? ", ..." : "";
  const named = missing === 0 ? "" : ` (ids ${ids}${more})`;
  return (
    `Id by id: of ${formatCount(acknowledged)} that were acknowledged, ${formatCount(missing)} are missing${named}; ` +
    `of ${formatCount(unknown)} of unknown outcome, ${formatCount(unknownButThere)} took effect.`
  );
}
