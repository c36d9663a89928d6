import type { Micros } from "../../harness/model/clock.ts";
import type { Outcome } from "../../harness/model/sample.ts";
import { inOrder, type Samples, tellEach } from "../../harness/model/samples.ts";
import { deepestDrawn, samplesNeeded, valueAtPercentile } from "../../harness/stats/percentiles.ts";
import type { StreamData } from "./chart-data.ts";

/**
 * One stream as the time line draws it: outcomes in buckets of 250 ms and latency in buckets of 1 s (wider in
 * runs longer than ten minutes or so), by the moment at which each operation was due.
 */
export function bucketSamples(name: string, given: Samples, lengthUs: Micros): StreamData {
  const samples = inOrder(given);
  const fine = bucketWidthUs(lengthUs);
  const coarse = 4 * fine;
  const fromUs = Math.floor((samples.at(0)?.intendedUs ?? 0) / coarse) * coarse;
  const toUs = (samples.at(-1)?.intendedUs ?? fromUs) + 1;
  const outcomes = outcomeBuckets(Math.ceil((toUs - fromUs) / fine));
  const latency = latencyBuckets(Math.ceil((toUs - fromUs) / coarse), samples.length);
  tellEach(samples, {
    add: (_id, intendedUs, _startUs, endUs, { outcome }) => {
      const bucket = Math.floor((intendedUs - fromUs) / fine);
      outcomes[outcome][bucket] = (outcomes[outcome][bucket] ?? 0) + 1;
      if (outcome === "ok") latency.add(Math.floor((intendedUs - fromUs) / coarse), endUs - intendedUs);
    },
  });
  return {
    name,
    fromSeconds: fromUs / SECOND,
    outcomes: { bucketSeconds: fine / SECOND, ...outcomes },
    latencyMs: { bucketSeconds: coarse / SECOND, ...latency.finish() },
  };
}

function outcomeBuckets(count: number): Record<Outcome, number[]> {
  const zeros = (): number[] => new Array<number>(count).fill(0);
  return { ok: zeros(), failed: zeros(), unknown: zeros() };
}

/** Takes latencies in the order of their buckets, and holds those of one bucket at a time. */
function latencyBuckets(count: number, samples: number) {
  const upper = deepestDrawn(samples / Math.max(1, count));
  const nothing = (): (number | null)[] => new Array<number | null>(count).fill(null);
  const drawn = { p50: nothing(), upper: nothing(), max: nothing() };
  let current = 0;
  let latencies: number[] = [];
  const close = (): void => {
    const sorted = Float64Array.from(latencies).sort();
    const at = (percent: number, needed: number): number | null =>
      sorted.length < needed ? null : toMs(valueAtPercentile(sorted, percent));
    drawn.p50[current] = at(50, 2);
    drawn.upper[current] = at(upper, samplesNeeded[upper]);
    drawn.max[current] = at(100, 1);
    latencies = [];
  };
  return {
    add(bucket: number, us: Micros): void {
      if (bucket !== current && latencies.length > 0) close();
      current = bucket;
      latencies.push(us);
    },
    finish() {
      if (latencies.length > 0) close();
      const { p50, max } = drawn;
      return { p50, upper: drawn.upper, upperName: `p${upper}` as const, max };
    },
  };
}

/** 250 ms, or as much wider as keeps the whole run below some 3,000 buckets. */
function bucketWidthUs(lengthUs: Micros): Micros {
  let width = SECOND / 4;
  while (lengthUs / width > 3000) width *= 2;
  return width;
}

/** Two decimals are enough to draw, and keep the page small. */
function toMs(us: Micros): number {
  return Math.round(us / 10) / 100;
}

const SECOND = 1_000_000;
