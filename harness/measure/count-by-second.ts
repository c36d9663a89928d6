import type { StageMeasurement } from "../model/measurement.ts";
import type { StageSecond } from "../model/stage.ts";
import { leastOf } from "../stats/extremes.ts";
import { totalCount } from "../stats/total-count.ts";

/**
 * What ended in each of these seconds, and what was answered in time. Agents begin within a moment of one another: what
 * they did in the same second counts together. One that nobody recorded is a second in which nothing ended.
 */
export function countBySecond(seconds: readonly StageSecond[]): StageMeasurement["bySecond"] {
  const startUs = leastOf(seconds, ({ fromUs }) => fromUs);
  const counts: { ended: number; inTime: number }[] = [];
  for (const { fromUs, operations } of seconds) {
    const index = Math.round((fromUs - startUs) / 1e6);
    while (counts.length <= index) counts.push({ ended: 0, inTime: 0 });
    const count = counts[index];
    if (count === undefined) continue;
    for (const { ok, inTime, failed, unknown } of operations) {
      count.ended += ok + totalCount(failed) + totalCount(unknown);
      count.inTime += inTime;
    }
  }
  return counts;
}
