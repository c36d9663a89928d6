import type { LoadShape } from "./benchmark.ts";
import { formatShare, formatValue } from "./format-value.ts";
import { mayBeTheClient } from "./may-be-the-client.ts";
import type { Figure, StageMeasurement, StageOperation } from "./measurement.ts";

/** Share of the due operations that must be answered ok within the latency limit. */
const ANSWERED_IN_TIME = 0.99;
/** Chance may leave a Poisson process this many standard deviations behind its rate. */
const DEVIATIONS = 3;

/**
 * Whether a rate was kept up. It was not where it is `client-bound`, and may have been where it was `not-measured` (an
 * agent died, too few operations for a p99): neither says anything of the cluster.
 */
export type StepResult =
  | { readonly kind: "passed" }
  | { readonly kind: "failed" | "client-bound" | "not-measured"; readonly why: string };

/**
 * A rate is kept up when, in the steady phase, (1) operations ended at the rate that was asked for: at least 99 % of it,
 * less what chance takes from a Poisson process, or an operation of each agent at the edges of an evenly spaced one; (2)
 * the p99 of the latency from the intended start, over all operations that were due, is a figure (1,000 operations at
 * least) and within the limit; so at least 99 % were answered ok within it, which (3) looks at by count. Without (1) an
 * engine that never tried would pass. A client that was its own limit and kept the rate up all the same has passed; one
 * that was late explains a p99 beyond the limit only where it would, or might, have been within it without that.
 */
export function stepResult(step: StageMeasurement, latencyLimitMs: number): StepResult {
  const [all] = step.operations;
  const asked = ratePerSecond(step.stage.shape);
  if (step.problem !== null) return { kind: "not-measured", why: step.problem };
  if (asked === null || all === undefined) return { kind: "not-measured", why: "its rate was not measured" };
  const why = whyNotKeptUp(step, { all, asked, latencyLimitMs });
  const { p99 } = all.latencyMs;
  if (why === null && p99.kind === "withheld") return { kind: "not-measured", why: `no p99: ${p99.reason}` };
  if (why === null) return { kind: "passed" };
  const clients = step.client.clientBound ?? whyLate(step, latencyLimitMs);
  return clients === null ? { kind: "failed", why } : { kind: "client-bound", why: clients };
}

/** How the client's own lateness may be why the p99 was not within the limit; null: it is not. */
function whyLate({ operations: [all] }: StageMeasurement, latencyLimitMs: number): string | null {
  if (all === undefined) return null;
  const { p99 } = all.latencyMs;
  const without = all.withoutLatenessMs.p99;
  const within = (ms: number): boolean => ms <= latencyLimitMs;
  if (!("value" in p99) || !("value" in without) || within(p99.value)) return null;
  if (!mayBeTheClient(without, within)) return null;
  return `it was late: p99 ${saidMs(p99)} from when operations were due, ${saidMs(without)} without its own lateness`;
}

/** The constant rate of an open shape; null for others. */
export function ratePerSecond(shape: LoadShape): number | null {
  return shape.kind === "open" && shape.rate.kind === "constant" ? shape.rate.perSecond : null;
}

function whyNotKeptUp(
  step: StageMeasurement,
  told: { readonly all: StageOperation; readonly asked: number; readonly latencyLimitMs: number },
): string | null {
  const { all, asked, latencyLimitMs } = told;
  const ended = all.outcomes.ok + all.outcomes.failed + all.outcomes.unknown;
  const seconds = Math.max(step.steadySeconds, Number.EPSILON);
  const due = asked * seconds;
  if (ended < ANSWERED_IN_TIME * due - atTheEdges(step, due))
    return `only ${Math.round(ended / seconds)}/s of ${asked}/s came to an end`;
  if (all.outcomes.ok < ANSWERED_IN_TIME * ended)
    return `only ${formatShare(all.outcomes.ok, ended)} were answered ok`;
  const { p99 } = all.latencyMs;
  if (p99.kind === "at-least" || (p99.kind === "value" && p99.value > latencyLimitMs))
    return `p99 ${saidMs(p99)}, above ${formatValue(latencyLimitMs, "ms")}`;
  if (all.inTime < ANSWERED_IN_TIME * ended)
    return `only ${formatShare(all.inTime, ended)} were answered within ${formatValue(latencyLimitMs, "ms")}`;
  return null;
}

/** Operations by which a steady phase may fall short of its rate without anything having been wrong. */
function atTheEdges({ stage, client }: StageMeasurement, due: number): number {
  const poisson = stage.shape.kind === "open" && stage.shape.arrival === "poisson";
  return poisson ? DEVIATIONS * Math.sqrt(due) : client.agents;
}

function saidMs(figure: Exclude<Figure, { readonly kind: "between" | "withheld" }>): string {
  return `${figure.kind === "at-least" ? "at least " : ""}${formatValue(figure.value, "ms")}`;
}
