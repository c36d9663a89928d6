import { metrics } from "../harness/model/metric.ts";
import type { Target } from "../harness/model/target.ts";
import { formatValue } from "../harness/model/format-value.ts";

/** A target's bound in words: `each < 10 s`, `sum ≤ 0 rows`. */
export function describeBound(target: Target): string {
  const { unit } = metrics[target.metric];
  const { bound } = target;
  if ("below" in bound) return `${target.statistic} < ${formatValue(bound.below, unit)}`;
  if ("atMost" in bound) return `${target.statistic} ≤ ${formatValue(bound.atMost, unit)}`;
  return `${target.statistic} ≥ ${formatValue(bound.atLeast, unit)}`;
}

/** The bound as a bare number, for lines in charts. */
export function boundValue(target: Target): number {
  const { bound } = target;
  if ("below" in bound) return bound.below;
  return "atMost" in bound ? bound.atMost : bound.atLeast;
}
