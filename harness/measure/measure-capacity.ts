import type { PlannedBenchmark, PlannedVariant } from "../model/benchmark.ts";
import {
  byRate,
  type CapacityInterval,
  type CapacitySoFar,
  capacitySoFar,
  foundCapacity,
  highestKeptUp,
} from "../model/capacity-search.ts";
import type { CapacityMeasurement, StageMeasurement } from "../model/measurement.ts";
import type { StepResult } from "../model/capacity.ts";
import type { TriedRate } from "../model/tried-rate.ts";
import { figureWithin } from "../stats/figures.ts";
import { counted, formatRate } from "../model/format-value.ts";

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
  const { keptUp, refused } = found;
  const perSecond = figureWithin(keptUp.perSecond, refused?.perSecond ?? Infinity);
  const confirmed = method.kind === "highest-rate" ? ", and confirmed by a stage of its own" : "";
  const limit =
    refused === null
      ? `no higher rate was refused by the cluster${unsettledAbove(soFar, found)}, so it may be higher`
      : `${rate(refused.perSecond)} was refused${inTries(refused)} (${reasonOf(refused)})`;
  const shares = method.kind === "fractions-of-capacity" ? `; shares are of ${rate(keptUp.perSecond)}` : "";
  return [
    {
      variant: variant.name,
      perSecond,
      how:
        `${rate(keptUp.perSecond)} was kept up with a p99 within ${client.latencyLimitMs} ms${inTries(keptUp)} in the search of ` +
        `${counted(soFar.rates.length, "step")}${confirmed}; ${limit}${shares}.`,
    },
  ];
}

function whyNotFound({ saturationPerSecond, rates, confirmations }: CapacitySoFar, stages: number): string {
  if (stages === 0) return "no stage was run";
  if (saturationPerSecond === null)
    return "the saturation stage, from which steps are chosen, measured no throughput";
  if (rates.length === 0) return "no step of the search was run";
  const found = highestKeptUp(rates);
  if (found === null) {
    const [lowest] = byRate(rates);
    const why =
      lowest === undefined ? "" : ` (${rate(lowest.perSecond)}${inTries(lowest)}: ${reasonOf(lowest)})`;
    return `no rate that was tried was kept up${why}`;
  }
  const last = confirmations.at(-1);
  return last === undefined
    ? `${rate(found.perSecond)} was found and not confirmed by a second stage`
    : `${rate(last.perSecond)} was found and not confirmed${inTries(last)}: ${reasonOf(last)}`;
}

/** The lowest higher rate that was tried, which was neither kept up nor refused. */
function unsettledAbove({ rates, confirmations }: CapacitySoFar, { keptUp }: CapacityInterval): string {
  const [lowest] = byRate(
    [...rates, ...confirmations].filter(
      ({ perSecond, outcome }) => perSecond > keptUp.perSecond && outcome !== "kept-up",
    ),
  );
  if (lowest === undefined) return "";
  const once = lowest.outcome === "undecided" ? "refused and not tried again, " : "";
  return ` (at ${rate(lowest.perSecond)} ${once}${reasonOf(lowest)})`;
}

/** " in 2 of 3 tries": how many were as the outcome says; nothing where there was one. */
function inTries({ tries, outcome }: TriedRate): string {
  if (tries.length === 1) return "";
  const asSaid = (kind: StepResult["kind"]): boolean =>
    outcome === "kept-up" ? kind === "passed" : outcome === "refused" ? kind === "failed" : kind !== "passed";
  const like = tries.filter(({ result }) => asSaid(result.kind));
  return ` in ${like.length} of ${tries.length} tries`;
}

/** Why it was not kept up, by the last try that says so: of a refusal, one that refused it. */
function reasonOf({ tries, outcome }: TriedRate): string {
  const says = tries.filter(({ result: { kind } }) =>
    outcome === "refused" ? kind === "failed" : kind !== "passed",
  );
  const last = says.at(-1);
  if (last === undefined || last.result.kind === "passed") return "it was kept up";
  if (last.result.kind === "client-bound") return `client-bound: ${last.result.why}`;
  return `${last.result.why}${last.says === "little" ? ", perhaps from one stall" : ""}`;
}

function rate(perSecond: number): string {
  return `${formatRate(perSecond)}/s`;
}
