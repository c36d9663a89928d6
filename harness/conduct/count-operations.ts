import type { CodeCounts, StageSecond } from "../model/stage.ts";
import type { OperationCount } from "../model/workload.ts";

/** What became of each operation in all of these seconds, whatever their phase. */
export function countOperations(seconds: readonly StageSecond[]): Readonly<Record<string, OperationCount>> {
  const counts: Record<string, OperationCount> = {};
  for (const { operation, ok, failed, unknown } of seconds.flatMap((second) => second.operations)) {
    const before = counts[operation] ?? { ok: 0, failed: 0, unknown: 0 };
    counts[operation] = {
      ok: before.ok + ok,
      failed: before.failed + sum(failed),
      unknown: before.unknown + sum(unknown),
    };
  }
  return counts;
}

function sum(codes: CodeCounts): number {
  return Object.values(codes).reduce((total, count) => total + count, 0);
}
