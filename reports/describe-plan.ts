import type { LoadShape, RateProfile, StagePhases } from "../harness/model/benchmark.ts";
import { formatCount, formatRate, formatValue } from "../harness/model/format-value.ts";
import { metrics } from "../harness/model/metric.ts";
import type { Target } from "../harness/model/target.ts";

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

/** How operations are offered, in words: `open, poisson, 4,000/s`; `closed, 32 clients`. */
export function describeShape(shape: LoadShape): string {
  if (shape.kind === "open") return `open, ${shape.arrival}, ${describeRate(shape.rate)}`;
  const think = shape.thinkTimeMs === 0 ? "" : `, ${shape.thinkTimeMs / 1000} s think time`;
  return `closed, ${formatCount(shape.clients)} ${shape.clients === 1 ? "client" : "clients"}${think}`;
}

/** `warm-up 5 s, steady 30 s, cool-down 1 s`. */
export function describePhases({ warmupSeconds, steadySeconds, coolDownSeconds }: StagePhases): string {
  const coolDown = coolDownSeconds === 0 ? "" : `, cool-down ${coolDownSeconds} s`;
  return `warm-up ${warmupSeconds} s, steady ${steadySeconds} s${coolDown}`;
}

function describeRate(rate: RateProfile): string {
  switch (rate.kind) {
    case "constant":
      return perSecond(rate.perSecond);
    case "ramp":
      return `${perSecond(rate.fromPerSecond)} rising to ${perSecond(rate.toPerSecond)}`;
    case "steps":
      return rate.perSecond.map(perSecond).join(", then ");
  }
}

function perSecond(rate: number): string {
  return `${formatRate(rate)}/s`;
}
