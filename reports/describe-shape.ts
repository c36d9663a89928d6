import type { LoadShape, RateProfile, StagePhases } from "../harness/model/benchmark.ts";
import { formatCount, formatRate } from "../harness/model/format-value.ts";

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
