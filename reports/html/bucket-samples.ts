import type { Micros } from "../../harness/model/clock.ts";
import type { Sample } from "../../harness/model/sample.ts";
import { deepestDrawn, samplesNeeded, valueAtPercentile } from "../../harness/stats/percentiles.ts";
import type { StreamData } from "./chart-data.ts";

/**
 * One stream as the time line draws it: outcomes in buckets of 250 ms and latency in buckets of 1 s (wider in
 * runs longer than ten minutes or so), by the moment at which each operation was due.
 */
export function bucketSamples(name: string, samples: readonly Sample[], lengthUs: Micros): StreamData {
  const fine = bucketWidthUs(lengthUs);
  const fromUs = Math.floor((samples[0]?.intendedUs ?? 0) / (4 * fine)) * 4 * fine;
  const toUs = (samples.at(-1)?.intendedUs ?? fromUs) + 1;
  const latency = latencyBuckets(samples, { fromUs, toUs, widthUs: 4 * fine });
  return {
    name,
    fromSeconds: fromUs / SECOND,
    outcomes: outcomeBuckets(samples, { fromUs, toUs, widthUs: fine }),
    latencyMs: latency,
  };
}

interface Buckets {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  readonly widthUs: Micros;
}

function outcomeBuckets(samples: readonly Sample[], buckets: Buckets): StreamData["outcomes"] {
  const { fromUs, toUs, widthUs } = buckets;
  const count = Math.ceil((toUs - fromUs) / widthUs);
  const zeros = (): number[] => new Array<number>(count).fill(0);
  const counts = { ok: zeros(), failed: zeros(), unknown: zeros() };
  for (const { intendedUs, outcome } of samples) {
    const index = Math.floor((intendedUs - fromUs) / widthUs);
    counts[outcome][index] = (counts[outcome][index] ?? 0) + 1;
  }
  return { bucketSeconds: widthUs / SECOND, ...counts };
}

function latencyBuckets(samples: readonly Sample[], buckets: Buckets): StreamData["latencyMs"] {
  const { fromUs, toUs, widthUs } = buckets;
  const latencies: number[][] = Array.from({ length: Math.ceil((toUs - fromUs) / widthUs) }, () => []);
  for (const { intendedUs, endUs, outcome } of samples) {
    if (outcome === "ok") latencies[Math.floor((intendedUs - fromUs) / widthUs)]?.push(endUs - intendedUs);
  }
  const sorted = latencies.map((list) => Float64Array.from(list).sort());
  const typicalSize = samples.length / Math.max(1, sorted.length);
  const upper = deepestDrawn(typicalSize);
  const at = (percent: number, needed: number): (number | null)[] =>
    sorted.map((list) => (list.length < needed ? null : toMs(valueAtPercentile(list, percent))));
  return {
    bucketSeconds: widthUs / SECOND,
    p50: at(50, 2),
    upper: at(upper, samplesNeeded[upper]),
    upperName: `p${upper}`,
    max: at(100, 1),
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
