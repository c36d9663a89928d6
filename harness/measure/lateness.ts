import type { Figure, StageOperation } from "../model/measurement.ts";
import type { StageSecond } from "../model/stage.ts";
import { sentOf } from "./measure-operations.ts";

/** Later than this, an operation counts as late in OperationSecond.late. Milliseconds. */
const lateMs = 1;

/**
 * An upper bound on the 99th percentile of the client's own lateness over several seconds. Of each second its median,
 * p99 and maximum are known: half of its operations count as late as its median, 49 % as its p99, and 1 % as its
 * maximum. Where at most 1 % of all operations were counted as late (by more than 1 ms), the bound is 1 ms.
 */
export function latenessP99Ms(seconds: readonly StageSecond[], all: StageOperation): Figure {
  if (seconds.length === 0) return { kind: "withheld", reason: "no second was recorded" };
  const mass = seconds.flatMap(({ client, operations }): [us: number, share: number][] => {
    const n = operations.reduce((sum, { ok }) => sum + ok, 0);
    return [
      [client.latenessP50Us, 0.5 * n],
      [client.latenessP99Us, 0.49 * n],
      [client.latenessMaxUs, 0.01 * n],
    ];
  });
  mass.sort(([a], [b]) => a - b);
  const wanted = 0.99 * mass.reduce((sum, [, share]) => sum + share, 0);
  let below = 0;
  // A hair less: shares of hundredths do not add up exactly.
  const boundUs = mass.find(([, share]) => (below += share) >= wanted * (1 - 1e-9))?.[0] ?? 0;
  const few = all.late <= 0.01 * sentOf(all);
  return { kind: "value", value: few ? Math.min(lateMs, boundUs / 1000) : boundUs / 1000 };
}
