import type { StageSecond } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";
import { totalCount } from "../stats/total-count.ts";

/** What became of each operation in all of these seconds, whatever their phase. */
export function countOperations(seconds: readonly StageSecond[]): Readonly<Record<string, OperationCount>> {
  const counts: Record<string, OperationCount> = {};
  for (const { operation, ok, failed, unknown } of seconds.flatMap((second) => second.operations)) {
    const before = counts[operation] ?? { ok: 0, failed: 0, unknown: 0 };
    counts[operation] = {
      ok: before.ok + ok,
      failed: before.failed + totalCount(failed),
      unknown: before.unknown + totalCount(unknown),
    };
  }
  return counts;
}
