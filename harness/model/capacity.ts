import type { LoadShape } from "./benchmark.ts";
import { formatValue } from "./format-value.ts";
import type { StageMeasurement } from "./measurement.ts";

/** Share of the due operations that must be answered ok within the latency limit. */
const ANSWERED_IN_TIME = 0.99;
/** Chance may leave a Poisson process this many standard deviations behind its rate. */
const DEVIATIONS = 3;

/** Whether a rate was kept up; `client-bound`: it was not, and that says nothing of the cluster. */
export type StepResult =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "client-bound"; readonly why: string };

/**
 * A rate is kept up when, in the steady phase, (1) operations ended at the rate that was asked for: at least 99 % of it,
 * less what chance takes from a Poisson process; (2) the p99 of the latency from the intended start is a figure (1,000
 * operations at least) and within the limit; (3) at least 99 % of those that ended were answered ok within the limit. (2)
 * alone would let errors pass, since latency is over operations that ended ok; (3) alone would judge a stage of a
 * hundred operations; without (1) an engine that never tried, or a queue that only grows, would pass. A client that was
 * its own limit and kept the rate up all the same has passed; one that was late explains a p99 beyond the limit only where
 * its lateness is what was missing.
 */
export function stepResult(step: StageMeasurement, latencyLimitMs: number): StepResult {
  const why = whyNotKeptUp(step, latencyLimitMs);
  if (why === null) return { kind: "passed" };
  const clients = step.client.clientBound ?? latenessThatMayBeWhy(step, latencyLimitMs);
  return clients === null ? { kind: "failed", why } : { kind: "client-bound", why: clients };
}

/** How the client was late, where the p99 would have been within the limit without it. */
function latenessThatMayBeWhy(
  { client, operations }: StageMeasurement,
  latencyLimitMs: number,
): string | null {
  const p99 = operations[0]?.latencyMs.p99;
  const { clientLate, latenessP99Ms } = client;
  if (clientLate === null || p99?.kind !== "value" || latenessP99Ms.kind !== "value") return clientLate;
  return p99.value - latenessP99Ms.value > latencyLimitMs ? null : clientLate;
}

/** The constant rate of an open shape; null for others. */
export function ratePerSecond(shape: LoadShape): number | null {
  return shape.kind === "open" && shape.rate.kind === "constant" ? shape.rate.perSecond : null;
}

function whyNotKeptUp(step: StageMeasurement, latencyLimitMs: number): string | null {
  if (step.problem !== null) return step.problem;
  const asked = ratePerSecond(step.stage.shape);
  const [all] = step.operations;
  if (asked === null || all === undefined) return "its rate was not measured";
  const ended = all.outcomes.ok + all.outcomes.failed + all.outcomes.unknown;
  const seconds = Math.max(step.steadySeconds, Number.EPSILON);
  const chance = DEVIATIONS * Math.sqrt(asked / seconds);
  if (ended / seconds < ANSWERED_IN_TIME * asked - chance)
    return `only ${Math.round(ended / seconds)}/s of ${asked}/s came to an end`;
  const { p99 } = all.latencyMs;
  if (p99.kind !== "value") return p99.kind === "withheld" ? `no p99: ${p99.reason}` : "no p99";
  if (p99.value > latencyLimitMs)
    return `p99 ${formatValue(p99.value, "ms")}, above ${formatValue(latencyLimitMs, "ms")}`;
  if (all.inTime < ANSWERED_IN_TIME * ended)
    return `only ${((100 * all.inTime) / ended).toFixed(1)} % were answered within ${latencyLimitMs} ms`;
  return null;
}
