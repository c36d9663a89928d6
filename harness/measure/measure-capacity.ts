import type { PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import { capacitySoFar, type CapacitySoFar, foundCapacity, type StepResult } from "../model/capacity.ts";
import type { CapacityMeasurement, Figure, StageMeasurement } from "../model/measurement.ts";

/** The capacity of one variant, where the method looks for it: one, or none. */
export function measureCapacity(
  { method, client }: PlannedBenchmark,
  variant: PlannedVariant,
  stages: readonly StageMeasurement[],
): CapacityMeasurement[] {
  if (method.kind === "fixed") return [];
  const own = stages.filter(({ stage }) => stage.variant === variant.name);
  const soFar = capacitySoFar(own, client.latencyLimitMs);
  const found = foundCapacity(method, soFar);
  if (found === null) {
    const reason = whyNotFound(soFar, own.length);
    return [{ variant: variant.name, perSecond: { kind: "withheld", reason }, how: `Not found: ${reason}.` }];
  }
  const perSecond: Figure = { kind: found.limit ? "value" : "at-least", value: found.perSecond };
  const confirmed = method.kind === "highest-rate" ? ", and confirmed by a stage of its own" : "";
  const limit = found.limit
    ? highestRefused(soFar, found.perSecond)
    : `no higher rate was refused by the cluster${clientBoundAbove(soFar)}, so it may be higher`;
  return [
    {
      variant: variant.name,
      perSecond,
      how:
        `${rate(found.perSecond)} was kept up with a p99 within ${client.latencyLimitMs} ms in the search of ` +
        `${soFar.steps} ${soFar.steps === 1 ? "step" : "steps"}${confirmed}; ${limit}.`,
    },
  ];
}

function whyNotFound(
  { saturationPerSecond, steps, highestPassed, lowestFailed, confirmations }: CapacitySoFar,
  stages: number,
): string {
  if (stages === 0) return "no stage was run";
  if (saturationPerSecond === null)
    return "the saturation stage, from which steps are chosen, measured no throughput";
  if (steps === 0) return "no step of the search was run";
  if (highestPassed === null) {
    const why =
      lowestFailed === null ? "" : ` (${rate(lowestFailed.perSecond)}: ${reasonOf(lowestFailed.result)})`;
    return `no rate that was tried was kept up${why}`;
  }
  const last = confirmations.at(-1);
  return last === undefined
    ? `${rate(highestPassed)} was found and not confirmed by a second stage`
    : `${rate(last.perSecond)} was found and not confirmed: ${reasonOf(last.result)}`;
}

function highestRefused({ lowestFailed, confirmations }: CapacitySoFar, perSecond: number): string {
  const refused = [lowestFailed, ...confirmations]
    .filter((tried) => tried !== null && tried.result.kind === "failed" && tried.perSecond > perSecond)
    .toSorted((a, b) => (a?.perSecond ?? 0) - (b?.perSecond ?? 0))[0];
  return refused === null || refused === undefined
    ? "a higher rate was not"
    : `${rate(refused.perSecond)} was not (${reasonOf(refused.result)})`;
}

function clientBoundAbove({ lowestFailed }: CapacitySoFar): string {
  return lowestFailed?.result.kind === "client-bound"
    ? ` (at ${rate(lowestFailed.perSecond)} ${reasonOf(lowestFailed.result)})`
    : "";
}

function reasonOf(result: StepResult): string {
  if (result.kind === "passed") return "it was kept up";
  return result.kind === "client-bound" ? `client-bound: ${result.why}` : result.why;
}

function rate(perSecond: number): string {
  return `${perSecond.toLocaleString("en-US")}/s`;
}
