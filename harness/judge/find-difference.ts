import type { Evidence, SideDifference } from "../model/comparison.ts";
import { formatP } from "../model/format-value.ts";
import type { Figure } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import { figureWithin, highestOf, lowestOf } from "../stats/figures.ts";
import { leastToDecide, significance } from "./gather-evidence.ts";
import { secondsForBlocks } from "./independent-blocks.ts";
import { minimumEffect, type Weighed } from "./weigh-evidence.ts";

/** A difference that was weighed, with its p among all that were tested. */
export interface WeighedAmongAll {
  readonly weighed: Weighed;
  readonly noDifference: number;
  readonly farApart: number | null;
  readonly tested: number;
}

/** The figures that a reader sees: this side's and the first's. */
export interface ShownFigures {
  readonly own: Figure;
  readonly first: Figure;
}

/** This side's figure over the first's. */
export function ratioOf({ own, first }: ShownFigures): Figure {
  if (first.kind === "withheld" || own.kind === "withheld")
    return { kind: "withheld", reason: "a figure is missing" };
  if (lowestOf(first) > 0)
    return figureWithin(lowestOf(own) / highestOf(first), highestOf(own) / lowestOf(first));
  return highestOf(own) === 0 && highestOf(first) === 0
    ? { kind: "value", value: 1 }
    : { kind: "withheld", reason: "the first side's figure is, or may be, 0" };
}

/**
 * What may be said of a difference, and why. A difference needs three things that agree: the test, the estimate that
 * belongs to it, and the figures that the reader sees. Likeness needs a test of its own; not to find a difference is none.
 */
export function findDifference(
  metric: MetricName,
  shown: ShownFigures,
  among: WeighedAmongAll,
): Pick<SideDifference, "finding" | "why"> {
  const { weighed, noDifference, farApart } = among;
  const significant = noDifference <= significance;
  const figures = figuresPoint(shown);
  if (significant && isFar(weighed)) {
    if (figures.direction === weighed.direction && figures.far)
      return { finding: inWords(metric, weighed.direction), why: differs };
    return undecided(
      figures.direction === -weighed.direction
        ? `The ${weighed.unit.kind} differ one way and the figures the other: a few of them stand out.`
        : `The ${weighed.unit.kind} differ, and the figures over all of them by less than ${PERCENT} or within bounds that meet.`,
    );
  }
  if (farApart !== null && farApart <= significance) {
    return figures.near
      ? { finding: "alike", why: `Two one-sided tests find them less than ${PERCENT} apart, either way.` }
      : undecided(
          `Most ${weighed.unit.kind} are less than ${PERCENT} apart, and the figures over all of them are not: a few stand out.`,
        );
  }
  return undecided(whyUndecided(among));
}

/** The evidence as it is shown. */
export function evidenceOf({ weighed, noDifference, farApart }: WeighedAmongAll): Evidence {
  const { unit, n, scale, estimate, interval, confidence, direction } = weighed;
  return {
    unit,
    n,
    scale,
    estimate,
    interval,
    confidence,
    direction,
    noDifference: { alone: weighed.noDifference, amongAll: noDifference },
    farApart:
      weighed.farApart === null || farApart === null ? null : { alone: weighed.farApart, amongAll: farApart },
  };
}

const PERCENT = `${minimumEffect * 100} %`;
const differs = `The test finds a difference, the estimate is ${PERCENT} or more, and the figures point the same way.`;

/** The estimate, at its less favourable end, is the minimum effect or more the way the ranks point. */
function isFar({ direction, shift, margin }: Weighed): boolean {
  if (direction === 0) return false;
  const atLeast = direction > 0 ? shift.least : -shift.most;
  return margin === 0 ? atLeast > 0 : atLeast >= margin;
}

function figuresPoint(shown: ShownFigures): {
  readonly direction: -1 | 0 | 1;
  readonly far: boolean;
  readonly near: boolean;
} {
  const { own, first } = shown;
  const ratio = ratioOf(shown);
  if (own.kind === "withheld" || first.kind === "withheld") return { direction: 0, far: false, near: false };
  const direction = lowestOf(own) > highestOf(first) ? 1 : highestOf(own) < lowestOf(first) ? -1 : 0;
  // There is no ratio to 0: what is not 0 is far from it.
  if (ratio.kind === "withheld") return { direction, far: direction !== 0, near: false };
  const [low, high] = [lowestOf(ratio), highestOf(ratio)];
  const most = 1 + minimumEffect;
  return { direction, far: low >= most || high <= 1 / most, near: low > 1 / most && high < most };
}

function inWords(metric: MetricName, direction: Weighed["direction"]): SideDifference["finding"] {
  const { better } = metrics[metric];
  if (better === "neither") return "different";
  return direction < 0 === (better === "lower") ? "better" : "worse";
}

function undecided(why: string): Pick<SideDifference, "finding" | "why"> {
  return { finding: "undecided", why };
}

function whyUndecided({ weighed, noDifference, farApart, tested }: WeighedAmongAll): string {
  if (weighed.margin === 0 && weighed.direction === 0)
    return "No difference was seen. There is no likeness to a figure of 0 that a share of it could bound.";
  if (weighed.estimate.kind !== "value")
    return "Some values are known within bounds only, and what they may be leaves it open.";
  const help = whatWouldHelp(weighed, tested);
  if (noDifference <= significance)
    return `There is a difference, by the estimate of less than ${PERCENT}, but not surely less. ${help}`;
  if (weighed.noDifference <= significance || (weighed.farApart ?? 1) <= significance) {
    const p = Math.min(noDifference, farApart ?? 1);
    return `It would be decided if it were the only figure; among the ${tested} that were tested p is ${formatP(p)}. ${help}`;
  }
  return `Neither a difference nor likeness (less than ${PERCENT} apart) is shown. ${help}`;
}

/**
 * How much data would settle it, if the estimate stays where it is: the interval narrows with the square root of n, and
 * has to fit between the estimate and the margin (likeness) or between the estimate and no difference at all.
 */
function whatWouldHelp({ unit, n, shift, margin }: Weighed, tested: number): string {
  const fewest = Math.min(...n);
  const effect = Math.abs(shift.least);
  const room = effect < margin ? margin - effect : effect;
  const times = (shift.halfWidth / room) ** 2;
  const wanted = Math.max(Math.ceil(fewest * times), fewest + 1, leastToDecide(tested));
  const amount =
    unit.kind === "blocks"
      ? `${secondsForBlocks(wanted, unit.seconds)} s of steady phase`
      : `${wanted} ${unit.kind} of each`;
  return times > 100
    ? "It is close to the limit: no reasonable amount of data would settle it."
    : `About ${amount} might.`;
}
