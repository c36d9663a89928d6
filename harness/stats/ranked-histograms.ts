import { build, type Histogram } from "hdr-histogram-js";
import type { Figure, Percentiles } from "../model/measurement.ts";
import type { EncodedHistogram } from "../model/stage.ts";
import { decodeHistogram } from "./decode-histogram.ts";
import type { Percentile } from "./percentiles.ts";
import { longestOfDue, percentileOfDue, percentileOfOk, type RankedOperations } from "./ranked-operations.ts";

/** Operations whose times are in histograms. */
export interface RankedHistogram extends RankedOperations {
  /** Of those that ended ok. Milliseconds. */
  readonly meanMs: number;
}

/**
 * The operations of histograms of microseconds added up: counts add up exactly, and a time is off by at most 0.1 % (three
 * significant digits).
 */
export function rankHistograms(
  encoded: readonly EncodedHistogram[],
  rest: Pick<RankedOperations, "notOk" | "timeoutMs">,
): RankedHistogram {
  return rankHistogram(addUp(encoded), rest);
}

/** The same of one that was decoded already. */
export function rankHistogram(
  histogram: Histogram,
  rest: Pick<RankedOperations, "notOk" | "timeoutMs">,
): RankedHistogram {
  const ok = histogram.totalCount;
  return {
    ...rest,
    ok,
    // HdrHistogram takes a percentage and rounds it to a rank: this is the rank itself.
    msAt: (rank) => histogram.getValueAtPercentile((100 * rank) / ok) / 1000,
    meanMs: ok === 0 ? 0 : histogram.mean / 1000,
  };
}

/** Over all operations that were due: what did not end ok ranks last, and counts in the mean as the time-out at least. */
export function percentilesOfDue(ranked: RankedHistogram): Percentiles {
  const { ok, notOk, meanMs, timeoutMs } = ranked;
  const n = ok + notOk;
  const mean = n === 0 ? 0 : (ok * meanMs + notOk * timeoutMs) / n;
  return {
    n,
    mean:
      n === 0
        ? { kind: "withheld", reason: "no operation was due" }
        : { kind: notOk === 0 ? "value" : "at-least", value: mean },
    ...percentilesBy((which) => percentileOfDue(which, ranked)),
    max: longestOfDue(ranked),
  };
}

/** Over the operations that ended ok; each is withheld where too few of all did. `absent` says why there is none. */
export function percentilesOfOk(ranked: RankedHistogram, absent: string): Percentiles {
  const { ok: n, meanMs, msAt } = ranked;
  const none: Figure = { kind: "withheld", reason: absent };
  return {
    n,
    mean: n === 0 ? none : { kind: "value", value: meanMs },
    ...percentilesBy((which) => (n === 0 ? none : percentileOfOk(which, ranked))),
    max: n === 0 ? none : { kind: "value", value: msAt(n) },
  };
}

function percentilesBy(at: (which: Percentile) => Figure): Omit<Percentiles, "n" | "mean" | "max"> {
  return { p50: at(50), p95: at(95), p99: at(99), p999: at(99.9) };
}

/** Histograms of microseconds as one. */
export function addUp(histograms: readonly (EncodedHistogram | Histogram)[]): Histogram {
  const sum = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const each of histograms) {
    if (each !== null) sum.add(typeof each === "string" ? decodeHistogram(each) : each);
  }
  return sum;
}
