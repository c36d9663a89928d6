import type { RateProfile } from "../../../../model/benchmark.ts";
import type { EngineLoad } from "../../engine.ts";
import type { Share } from "../schedule/open-schedule.ts";

const AT_LEAST = 64;
/** About 30 MB. */
const AT_MOST = 100_000;

/**
 * How many operations may wait for a connection; what is due beyond it is never sent. Every one ends within its
 * time-out, so more than rate x time-out are never waiting; twice that is room for bursts. No limit for a closed shape,
 * whose clients have one operation each.
 */
export function waitingLimit({ shape, client }: EngineLoad, { of }: Share): number {
  if (shape.kind === "closed") return Infinity;
  const dueWithinTimeout = (highestRate(shape.rate) / of) * (client.timeoutMs / 1000);
  return Math.min(Math.max(AT_LEAST, 2 * dueWithinTimeout), AT_MOST);
}

function highestRate(rate: RateProfile): number {
  switch (rate.kind) {
    case "constant":
      return rate.perSecond;
    case "ramp":
      return Math.max(rate.fromPerSecond, rate.toPerSecond);
    case "steps":
      return Math.max(...rate.perSecond);
  }
}
