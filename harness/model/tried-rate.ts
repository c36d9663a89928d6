import { ratePerSecond, stepResult, type StepResult } from "./capacity.ts";
import type { StageMeasurement } from "./measurement.ts";

/** A rate is tried so often at most. */
export const MOST_TRIES = 5;
/** So many refusals that no single stall explains settle a rate, unless as many tries kept it up. */
const REFUSALS = 2;
/** The share that must be answered in time, in a second as in the whole: see stepResult. */
const ANSWERED_IN_TIME = 0.99;
/** A stall lies, with the queue that it leaves, within so many seconds, or within half of a longer steady phase. */
const SECONDS_OF_A_STALL = 2;
/** And it leaves so much of what was due answered in time. */
const LEFT_BY_A_STALL = 0.5;
/** Less than this share answered in time, of a rate beyond saturation: no second try would find it kept up. */
const NEAR_KEPT_UP = 0.9;

/** One stage at a rate. */
export interface RateTry {
  readonly result: StepResult;
  /**
   * What it says of the rate where it did not keep it up: `nothing` where it was not measured, `little` where one stall
   * or the client's lateness may be the reason, `much` where neither can be, `all` where the rate was beyond saturation
   * besides and far from kept up.
   */
  readonly says: "nothing" | "little" | "much" | "all";
}

/** A rate with all the stages that tried it, in order. */
export interface TriedRate {
  readonly perSecond: number;
  readonly tries: readonly RateTry[];
  /**
   * What they say together. `kept-up` and `refused` speak of the cluster; `no-answer`: the client was full, or late most
   * of the times, or nothing was measured; `undecided`: it has to be tried again.
   */
  readonly outcome: "kept-up" | "refused" | "no-answer" | "undecided";
}

/** The rates that these stages tried, in the order of their first tries; `saturationPerSecond` is null where not known. */
export function triedRates(
  stages: readonly StageMeasurement[],
  latencyLimitMs: number,
  saturationPerSecond: number | null,
): TriedRate[] {
  const rateOf = ({ stage }: StageMeasurement): number => ratePerSecond(stage.shape) ?? 0;
  return [...new Set(stages.map(rateOf))].map((perSecond) => {
    const beyondSaturation = saturationPerSecond !== null && perSecond > saturationPerSecond;
    const tries = stages
      .filter((step) => rateOf(step) === perSecond)
      .map((step): RateTry => {
        const result = stepResult(step, latencyLimitMs);
        if (result.kind === "not-measured") return { result, says: "nothing" };
        const clientLate = result.kind === "client-bound" && step.client.clientBound === null;
        return { result, says: clientLate ? "little" : whatItSays(step, perSecond, beyondSaturation) };
      });
    return { perSecond, tries, outcome: outcomeOf(tries) };
  });
}

/**
 * A try that kept the rate up needs no second one: trouble of the moment takes from what a cluster can do and never adds
 * to it. One that a stall or a late client may have spoilt says little: the rate is tried again, and is refused when most
 * of five tries were the cluster's. One that no stall explains is tried again too, and the best of three decides: a
 * machine may be slow for a whole stage. Only a rate beyond saturation that was far from kept up is refused at once.
 */
function outcomeOf(tries: readonly RateTry[]): TriedRate["outcome"] {
  const count = (kind: StepResult["kind"], says: readonly RateTry["says"][]): number =>
    tries.filter((each) => each.result.kind === kind && says.includes(each.says)).length;
  const passed = tries.filter(({ result }) => result.kind === "passed").length;
  const refused = count("failed", ["much", "all"]);
  if (count("failed", ["all"]) > 0) return "refused";
  if (passed > refused) return "kept-up";
  if (refused >= REFUSALS) return "refused";
  if (count("not-measured", ["nothing"]) + count("client-bound", ["much", "all"]) > 0) return "no-answer";
  if (tries.length < MOST_TRIES) return "undecided";
  return count("failed", ["little", "much"]) > count("client-bound", ["little"]) ? "refused" : "no-answer";
}

function whatItSays(step: StageMeasurement, perSecond: number, beyondSaturation: boolean): RateTry["says"] {
  const inTime = step.operations[0]?.inTime ?? 0;
  const share = inTime / Math.max(perSecond * step.steadySeconds, Number.EPSILON);
  if (share >= LEFT_BY_A_STALL && missesInOneStretch(step)) return "little";
  return beyondSaturation && share < NEAR_KEPT_UP ? "all" : "much";
}

/** Whether the seconds in which too little was answered in time follow one another, and are as few as one stall takes. */
function missesInOneStretch({ bySecond }: StageMeasurement): boolean {
  const missed = bySecond.map(({ ended, inTime }) => ended === 0 || inTime < ANSWERED_IN_TIME * ended);
  const length = missed.lastIndexOf(true) - missed.indexOf(true) + 1;
  return length <= Math.max(SECONDS_OF_A_STALL, bySecond.length / 2);
}
