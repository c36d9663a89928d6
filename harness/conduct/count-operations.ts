import type { StageSecond } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";
import { totalCount } from "../stats/total-count.ts";

type Counts = Readonly<Record<string, OperationCount>>;

/** What became of each operation in this second, added to what was counted before. */
export function countOperations({ operations }: StageSecond, before: Counts): Counts {
  return addUpCounts([
    before,
    ...operations.map(({ operation, ok, failed, unknown }) => ({
      [operation]: { ok, failed: totalCount(failed), unknown: totalCount(unknown) },
    })),
  ]);
}

/** What became of each operation in all of these together. */
export function addUpCounts(parts: readonly Counts[]): Counts {
  const counts: Record<string, OperationCount> = {};
  for (const part of parts) {
    for (const [operation, { ok, failed, unknown }] of Object.entries(part)) {
      const counted = counts[operation] ?? { ok: 0, failed: 0, unknown: 0 };
      counts[operation] = {
        ok: counted.ok + ok,
        failed: counted.failed + failed,
        unknown: counted.unknown + unknown,
      };
    }
  }
  return counts;
}
