import type {
  CapacitySearch,
  LoadShape,
  PlannedBenchmark,
  PlannedVariant,
  Stage,
  StagePhases,
} from "../model/benchmark.ts";
import { sustainedName } from "../model/figure-names.ts";
import { type CapacitySoFar, capacitySoFar, foundCapacity, highestKeptUp } from "../model/capacity-search.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import type { TriedRate } from "../model/tried-rate.ts";
import { formatRate, roundedTo } from "../model/format-value.ts";

/** An open load can for a moment be answered faster than so many clients ask: the search goes a little beyond. */
const BEYOND_SATURATION = 1.1;
/** A search ends when what is left between kept up and refused is this share of its whole range: less is chance. */
const RESOLUTION = 0.03;
/** Operations that a p99 needs, and a little more since a Poisson process may fall short of its rate. */
const OPERATIONS_OF_A_STEP = 1100;
/** A stage at a low rate lasts as long as it takes to send so many, up to this: else a slow cluster had no rate that can be judged. */
const MOST_SECONDS_FOR_THEM = 30;
/** A rate that a longer stage does not confirm is tried once more, so much lower. */
const SECOND_TRY = 0.9;

/** A stage without its number and variant. */
type Choice = Pick<Stage, "name" | "purpose" | "shape" | "phases" | "parameters">;

/**
 * The stage to run next on a variant, given what those before it (of all variants) measured; null: no more. Pure.
 *
 * A search first saturates the cluster with clients that never wait; then it halves the range between the highest rate
 * that was kept up (at first the lowest at which a step has the 1,000 operations of a p99, one of 30 s where there is no
 * other) and the lowest that was not (at first the saturation throughput x 1.1), until its steps are used up or the range is
 * 3 % of the whole. A stage at a rate at which its own length has fewer operations is so much longer. A step is a rate: it is
 * tried again until that is decided, which most often takes one stage. What "kept up" means: see stepResult; when a rate is
 * decided: see triedRates. Shares of the capacity are of the highest rate that was kept up.
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

/**
 * The load that goes on under the faults of a variant, for as long as they take: its steady phase has the length that
 * everything may take at most, and is ended early. null: none is asked for, or no capacity was found of which it is a
 * share. Its warm-up is the probes'.
 */
export function sustainedStage(
  { sustained, method, client }: PlannedBenchmark,
  variant: PlannedVariant,
  done: readonly StageMeasurement[],
  { warmupSeconds, steadySeconds }: { readonly warmupSeconds: number; readonly steadySeconds: number },
): Stage | null {
  if (sustained == null) return null;
  const common = {
    stage: done.length + 1,
    variant: variant.name,
    purpose: "sustained",
    phases: { warmupSeconds, steadySeconds, coolDownSeconds: 0 },
  } as const;
  const name = sustainedName(sustained);
  if (sustained.kind === "shape") return { ...common, name, shape: sustained.shape };
  if (method.kind === "fixed") return null;
  const here = done.filter(({ stage }) => stage.variant === variant.name);
  const capacity = foundCapacity(method, capacitySoFar(here, client.latencyLimitMs));
  if (capacity === null) return null;
  const perSecond = rounded((capacity.keptUp.perSecond * sustained.percent) / 100);
  return { ...common, name, shape: openAt(perSecond, method.search) };
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
  const step = nextStep(search, soFar);
  if (step !== null) return step;
  if (method.kind === "highest-rate") return confirmation(soFar, search, phases);
  const capacity = foundCapacity(method, soFar);
  const percent = method.percents[here.filter(({ stage }) => stage.purpose === "fraction").length];
  if (capacity === null || percent === undefined) return null;
  const perSecond = rounded((capacity.keptUp.perSecond * percent) / 100);
  return {
    name: `${percent} % of capacity`,
    purpose: "fraction",
    shape: openAt(perSecond, search),
    phases: longEnough(phases, perSecond),
  };
}

function saturation({ saturationClients, phases }: CapacitySearch): Choice {
  const shape: LoadShape = { kind: "closed", clients: saturationClients, thinkTimeMs: 0 };
  return { name: "saturation", purpose: "saturation", shape, phases };
}

function nextStep(search: CapacitySearch, soFar: CapacitySoFar): Choice | null {
  const { rates, confirmations } = soFar;
  const last = rates.at(-1);
  const again = last?.outcome === "undecided" && confirmations.length === 0;
  const perSecond = again ? last.perSecond : nextRate(search, soFar);
  if (perSecond === null) return null;
  const step = again ? nameOfTry(`step ${rates.length}`, last) : `step ${rates.length + 1}`;
  return {
    name: `${step}: ${formatRate(perSecond)}/s`,
    purpose: "search",
    shape: openAt(perSecond, search),
    phases: longEnough(search.phases, perSecond),
  };
}

/** null: nothing to go by, or the search has come to its end. */
function nextRate({ steps, phases }: CapacitySearch, soFar: CapacitySoFar): number | null {
  const { saturationPerSecond, rates, confirmations } = soFar;
  if (saturationPerSecond === null || rates.length >= steps || confirmations.length > 0) return null;
  const most = saturationPerSecond * BEYOND_SATURATION;
  const notKeptUp = rates.filter(({ outcome }) => outcome !== "kept-up").map(({ perSecond }) => perSecond);
  const lower = highestKeptUp(rates)?.perSecond ?? lowestRate(phases, most);
  const upper = Math.min(most, ...notKeptUp);
  const rate = rounded((lower + upper) / 2);
  const isNew = rate > lower && rate < upper;
  return upper - lower > RESOLUTION * most && isNew ? rate : null;
}

/** null: there is nothing to confirm, it is confirmed, or not even the lower rate was. */
function confirmation(
  { rates, confirmations }: CapacitySoFar,
  search: CapacitySearch,
  phases: PlannedBenchmark["phases"],
): Choice | null {
  const found = highestKeptUp(rates);
  if (found === null) return null;
  const names = ["confirmation", "second confirmation"] as const;
  const at = (index: 0 | 1, tried?: TriedRate): Choice => {
    const perSecond = index === 0 ? found.perSecond : rounded(found.perSecond * SECOND_TRY);
    return {
      name: nameOfTry(names[index], tried),
      purpose: "confirmation",
      shape: openAt(perSecond, search),
      phases: longEnough(phases, perSecond),
    };
  };
  const [first, second] = confirmations;
  if (first === undefined || first.outcome === "undecided") return at(0, first);
  if (first.outcome === "kept-up") return null;
  return second === undefined || second.outcome === "undecided" ? at(1, second) : null;
}

/** "confirmation", "confirmation, try 2": names are unique. */
function nameOfTry(name: string, tried: TriedRate | undefined): string {
  return tried === undefined ? name : `${name}, try ${tried.tries.length + 1}`;
}

/** At which a step of its own length has enough operations; where that would leave less than half of the range, a longer one. */
function lowestRate({ steadySeconds }: StagePhases, most: number): number {
  const own = OPERATIONS_OF_A_STEP / steadySeconds;
  return own < most / 2 ? own : OPERATIONS_OF_A_STEP / Math.max(steadySeconds, MOST_SECONDS_FOR_THEM);
}

function longEnough(phases: StagePhases, perSecond: number): StagePhases {
  const forThem = Math.min(MOST_SECONDS_FOR_THEM, Math.ceil(OPERATIONS_OF_A_STEP / perSecond));
  return { ...phases, steadySeconds: Math.max(phases.steadySeconds, forThem) };
}

function openAt(perSecond: number, { arrival }: CapacitySearch): LoadShape {
  return { kind: "open", arrival, rate: { kind: "constant", perSecond } };
}

/** Three digits: finer than the search resolves. At least 1/s. */
function rounded(perSecond: number): number {
  return Math.max(1, Math.round(roundedTo(perSecond, 3)));
}
