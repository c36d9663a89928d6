import type {
  CapacitySearch,
  LoadShape,
  PlannedBenchmark,
  PlannedVariant,
  Stage,
} from "../model/benchmark.ts";
import { capacitySoFar, foundCapacity, type CapacitySoFar } from "../model/capacity.ts";
import type { StageMeasurement } from "../model/measurement.ts";

/** An open load can for a moment be answered faster than so many clients ask: the search goes a little beyond. */
const BEYOND_SATURATION = 1.1;
/** A search ends when what is left between kept up and not kept up is this share of its whole range. */
const RESOLUTION = 0.03;
/** Operations that a p99 needs, and a little more since a Poisson process may fall short of its rate. */
const OPERATIONS_OF_A_STEP = 1100;
/** A rate that a longer stage does not confirm is tried once more, so much lower. */
const SECOND_TRY = 0.9;

/** A stage without its number and variant. */
type Choice = Pick<Stage, "name" | "purpose" | "shape" | "phases">;

/**
 * The stage to run next on a variant, given what those before it (of all variants) measured; null: no more. Pure.
 *
 * A search first saturates the cluster with clients that never wait; then it halves the range between the highest rate
 * that was kept up (at first the lowest at which a step has the 1,000 operations of a p99) and the lowest that was not
 * (at first the saturation throughput x 1.1), until its steps are used up or the range is 3 % of the whole. What "kept
 * up" means: see stepResult.
 */
export function nextStage(
  benchmark: PlannedBenchmark,
  variant: PlannedVariant,
  done: readonly StageMeasurement[],
  nextNumber: number,
): Stage | null {
  const here = done.filter(({ stage }) => stage.variant === variant.name);
  const choice = choose(benchmark, here);
  return choice === null ? null : { stage: nextNumber, variant: variant.name, ...choice };
}

function choose(benchmark: PlannedBenchmark, here: readonly StageMeasurement[]): Choice | null {
  const { method, phases } = benchmark;
  if (method.kind === "fixed") {
    const next = method.stages[here.length];
    return next === undefined ? null : { ...next, purpose: "fixed", phases };
  }
  const { search } = method;
  if (here.length === 0) return saturation(search);
  const soFar = capacitySoFar(here, benchmark.client.latencyLimitMs);
  const rate = nextRate(search, soFar);
  if (rate !== null) {
    const name = `step ${soFar.steps + 1}: ${rate.toLocaleString("en-US")}/s`;
    return { name, purpose: "search", shape: openAt(rate, search), phases: search.phases };
  }
  if (method.kind === "highest-rate") return confirmation(soFar, search, phases);
  const capacity = foundCapacity(method, soFar);
  const percent = method.percents[here.filter(({ stage }) => stage.purpose === "fraction").length];
  if (capacity === null || percent === undefined) return null;
  return {
    name: `${percent} % of capacity`,
    purpose: "fraction",
    shape: openAt(rounded((capacity.perSecond * percent) / 100), search),
    phases,
  };
}

function saturation({ saturationClients, phases }: CapacitySearch): Choice {
  const shape: LoadShape = { kind: "closed", clients: saturationClients, thinkTimeMs: 0 };
  return { name: "saturation", purpose: "saturation", shape, phases };
}

/** null: nothing to go by, or the search has come to its end. */
function nextRate({ steps, phases }: CapacitySearch, soFar: CapacitySoFar): number | null {
  const { saturationPerSecond, highestPassed, lowestFailed } = soFar;
  if (saturationPerSecond === null || soFar.steps >= steps || soFar.confirmations.length > 0) return null;
  const most = saturationPerSecond * BEYOND_SATURATION;
  const lower = highestPassed ?? OPERATIONS_OF_A_STEP / phases.steadySeconds;
  const upper = Math.min(most, lowestFailed?.perSecond ?? Infinity);
  const rate = rounded((lower + upper) / 2);
  const isNew = rate > lower && rate < upper;
  return upper - lower > RESOLUTION * most && isNew ? rate : null;
}

function confirmation(
  { highestPassed, confirmations }: CapacitySoFar,
  search: CapacitySearch,
  phases: PlannedBenchmark["phases"],
): Choice | null {
  if (highestPassed === null || confirmations.some(({ result }) => result.kind === "passed")) return null;
  const common = { purpose: "confirmation", phases } as const;
  if (confirmations.length === 0)
    return { ...common, name: "confirmation", shape: openAt(highestPassed, search) };
  if (confirmations.length > 1) return null;
  const lower = rounded(highestPassed * SECOND_TRY);
  return { ...common, name: "second confirmation", shape: openAt(lower, search) };
}

function openAt(perSecond: number, { arrival }: CapacitySearch): LoadShape {
  return { kind: "open", arrival, rate: { kind: "constant", perSecond } };
}

/** Three digits: finer than the search resolves. At least 1/s. */
function rounded(perSecond: number): number {
  return Math.max(1, Math.round(Number(perSecond.toPrecision(3))));
}
