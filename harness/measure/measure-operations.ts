import type { StageOperation } from "../model/measurement.ts";
import type { CodeCounts, OperationSecond } from "../model/stage.ts";
import { stagePercentiles } from "./stage-percentiles.ts";

const noneOk = "no operation ended ok";
const noLag = "the engine did not tell when its operations were due";

/** What became of a stage's operations, by the seconds given: all of them first, then each kind by name. */
export function measureOperations(seconds: readonly OperationSecond[]): StageOperation[] {
  const names = [...new Set(seconds.map(({ operation }) => operation))].sort();
  return [
    measureOperation("all operations", seconds),
    ...names.map((name) =>
      measureOperation(
        name,
        seconds.filter(({ operation }) => operation === name),
      ),
    ),
  ];
}

/** Operations that were sent and have ended, in whatever way. */
export function sentOf({ outcomes: { ok, failed, unknown }, neverSent }: StageOperation): number {
  return ok + failed + unknown - neverSent;
}

function measureOperation(operation: string, seconds: readonly OperationSecond[]): StageOperation {
  const sum = (count: (second: OperationSecond) => number): number =>
    seconds.reduce((total, second) => total + count(second), 0);
  const failed = addCounts(seconds.map((second) => second.failed));
  const unknown = addCounts(seconds.map((second) => second.unknown));
  return {
    operation,
    outcomes: { ok: sum(({ ok }) => ok), failed: total(failed), unknown: total(unknown) },
    failed,
    unknown,
    retried: addCounts(seconds.map((second) => second.retried)),
    neverSent: sum(({ neverSent }) => neverSent),
    late: sum(({ late }) => late),
    inTime: sum(({ inTime }) => inTime),
    latencyMs: stagePercentiles(
      seconds.map(({ latency }) => latency),
      noneOk,
    ),
    serviceTimeMs: stagePercentiles(
      seconds.map(({ serviceTime }) => serviceTime),
      noneOk,
    ),
    lagMs: stagePercentiles(
      seconds.map(({ lag }) => lag),
      noLag,
    ),
  };
}

function addCounts(counts: readonly CodeCounts[]): CodeCounts {
  const sums: Record<string, number> = {};
  for (const each of counts) {
    for (const [code, count] of Object.entries(each)) sums[code] = (sums[code] ?? 0) + count;
  }
  return sums;
}

function total(counts: CodeCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
