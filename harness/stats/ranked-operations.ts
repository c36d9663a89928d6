import type { Figure } from "../model/measurement.ts";
import type { CountedTimes } from "./counted-times.ts";
import { nearestRank, type Percentile, whyTooFew } from "./percentiles.ts";
import { formatShare } from "../model/format-value.ts";

/**
 * All operations that were due, in the order of how long they took: those that ended ok by their times, and after them
 * what did not (failed, unknown, never sent), of which nobody was served. Without these, a cluster that fails at once
 * would look quick.
 */
export interface RankedOperations {
  /** That ended ok. */
  readonly ok: number;
  /** That did not. */
  readonly notOk: number;
  /** How long the one of this rank among those that ended ok took, from 1. Milliseconds. */
  readonly msAt: (rank: number) => number;
  /** The client's time-out: what did not end ok took at least as long. Milliseconds. */
  readonly timeoutMs: number;
}

/**
 * A percentile over all operations that were due. Where it falls on one that did not end ok it is at least the client's
 * time-out, or the longest that ended ok if that is more. `quicker` of them may have been so much quicker that they rank
 * first: the figure is then the lowest that it can be.
 */
export function percentileOfDue(which: Percentile, ranked: RankedOperations, quicker = 0): Figure {
  const n = ranked.ok + ranked.notOk;
  return whyTooFew(which, n) ?? atRank(nearestRank(which, n) - quicker, ranked);
}

/** The longest of all operations that were due. */
export function longestOfDue(ranked: RankedOperations): Figure {
  const n = ranked.ok + ranked.notOk;
  return n === 0 ? { kind: "withheld", reason: "no operation was due" } : atRank(n, ranked);
}

/**
 * A percentile over those that ended ok alone, for what only these have (a service time). Withheld where so many did not
 * that over all that were due it would fall on one of them. `quicker` as above.
 */
export function percentileOfOk(which: Percentile, ranked: RankedOperations, quicker = 0): Figure {
  const { ok, notOk, msAt } = ranked;
  const few = whyTooFew(which, ok);
  if (few !== null) return few;
  if (nearestRank(which, ok + notOk) > ok) {
    const reason = `${formatShare(notOk, ok + notOk)} of the operations did not end ok: a p${which} of the others would flatter`;
    return { kind: "withheld", reason };
  }
  const rank = nearestRank(which, ok) - quicker;
  return { kind: "value", value: rank <= 0 ? 0 : msAt(rank) };
}

function atRank(rank: number, { ok, notOk, msAt, timeoutMs }: RankedOperations): Figure {
  if (rank <= 0) return { kind: "value", value: 0 };
  if (rank <= ok) return { kind: "value", value: msAt(rank) };
  return notOk === 0
    ? { kind: "withheld", reason: "no operation was due" }
    : { kind: "at-least", value: Math.max(timeoutMs, ok === 0 ? 0 : msAt(ok)) };
}

/** Operations by the times of those that ended ok. */
export function rankTimes(
  times: CountedTimes,
  rest: Pick<RankedOperations, "notOk" | "timeoutMs">,
): RankedOperations {
  return { ...rest, ok: times.count, msAt: (rank) => (times.at(rank) ?? 0) / 1000 };
}

/** A percentile of times by nearest rank, times `scale`. */
export function percentile(times: CountedTimes, which: Percentile, scale: number): Figure {
  const n = times.count;
  return whyTooFew(which, n) ?? { kind: "value", value: (times.at(nearestRank(which, n)) ?? 0) * scale };
}

/** The longest of times, times `scale`. */
export function largest(times: CountedTimes, scale: number): Figure {
  const last = times.at(times.count);
  return last === undefined
    ? { kind: "withheld", reason: "there is no sample" }
    : { kind: "value", value: last * scale };
}
