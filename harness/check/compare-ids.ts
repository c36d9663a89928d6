import type { BitSet } from "../model/bit-set.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";

/** What the client was told of the writes of one stage, and the numbers that were found in the table afterwards. */
export interface ToldAndFound {
  readonly told: WriteOutcomes;
  readonly found: BitSet;
}

/** What the client was told of an operation's writes, against the ids that are there. */
export interface IdComparison {
  readonly acknowledged: number;
  /** Acknowledged and not there: lost. */
  readonly missing: number;
  /** The first of them, ascending, at most 100. */
  readonly missingIds: readonly number[];
  readonly failed: number;
  /** The client was told wrong. */
  readonly failedButThere: number;
  readonly unknown: number;
  /** They took effect; as right as if they had not. */
  readonly unknownButThere: number;
  /** There, among the numbers of a stage, though the stage ended none that carried it. */
  readonly neverSent: number;
}

const namedAtMost = 100;

/** Each write for itself, so that no loss hides behind another write that took effect unbeknown to the client. */
export function compareIds(stages: readonly ToldAndFound[]): IdComparison {
  const missingIds: number[] = [];
  let missing = 0;
  let failedButThere = 0;
  let unknownButThere = 0;
  let neverSent = 0;
  for (const { told, found } of stages) {
    const { ok, failed, unknown } = told.numbers;
    for (let number = 0; number < Math.max(ok.end, found.end); number += 1) {
      const there = found.has(number);
      if (ok.has(number)) {
        if (there) continue;
        missing += 1;
        if (missingIds.length < namedAtMost) missingIds.push(told.firstId + number);
      } else if (there) {
        if (unknown.has(number)) unknownButThere += 1;
        else if (failed.has(number)) failedButThere += 1;
        else neverSent += 1;
      }
    }
  }
  const sum = (outcome: keyof WriteOutcomes["numbers"]): number =>
    stages.reduce((total, { told }) => total + told.numbers[outcome].size, 0);
  return {
    acknowledged: sum("ok"),
    missing,
    missingIds,
    failed: sum("failed"),
    failedButThere,
    unknown: sum("unknown"),
    unknownButThere,
    neverSent,
  };
}
