import type { StageSecond } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";
import { totalCount } from "../stats/total-count.ts";

type Counts = Readonly<Record<string, OperationCount>>;

/** What became of each operation in all of these seconds, whatever their phase, added to what was counted before. */
export function countOperations(seconds: readonly StageSecond[], before: Counts = {}): Counts {
  const counts: Record<string, OperationCount> = { ...before };
  for (const { operations } of seconds) {
    for (const { operation, ok, failed, unknown } of operations) {
      const counted = counts[operation] ?? { ok: 0, failed: 0, unknown: 0 };
      counts[operation] = {
        ok: counted.ok + ok,
        failed: counted.failed + totalCount(failed),
        unknown: counted.unknown + totalCount(unknown),
      };
    }
  }
  return counts;
}
