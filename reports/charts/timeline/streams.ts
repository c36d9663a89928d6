import type { Micros } from "../../../harness/model/clock.ts";
import type { Outcome } from "../../../harness/model/sample.ts";
import { inOrder, type Samples, tellEach } from "../../../harness/model/samples.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../../../harness/model/stage.ts";
import { deepestDrawn, samplesNeeded, valueAtPercentile } from "../../../harness/stats/percentiles.ts";
import { sum } from "../../../harness/stats/sum.ts";
import { totalCount } from "../../../harness/stats/total-count.ts";
import { mergeSeconds } from "../../merge-seconds.ts";
import { pointWidthUs, stageEndUs } from "../stage-bands.ts";

/** One stream of operations as the time line draws it. */
export interface StreamData {
  readonly name: string;
  /** Operations per second. */
  readonly outcomes: { readonly at: Times } & Readonly<Record<Outcome, Values>>;
  /** Of what ended ok. Milliseconds; null where too few did for the percentile. */
  readonly latencyMs: {
    readonly at: Times;
    readonly p50: Values;
    readonly upper: Values;
    /** Which percentile `upper` is: the deepest that the stream's rate allows. */
    readonly upperName: string;
    readonly max: Values;
  };
}

/** When each value was, in seconds: one by one, or the first and how far apart they are. */
export type Times = readonly number[] | { readonly first: number; readonly step: number };
/** null: nothing is drawn, and no line joins what lies on its sides. */
export type Values = readonly (number | null)[];

/**
 * A stream of which every operation was recorded: outcomes in buckets of 250 ms and latency in buckets of 1 s (wider in
 * runs longer than ten minutes or so), by the moment at which each operation was due.
 */
export function streamOfSamples(name: string, given: Samples, lengthUs: Micros): StreamData {
  const samples = inOrder(given);
  const fine = bucketWidthUs(lengthUs);
  const coarse = 4 * fine;
  const firstUs = samples.at(0)?.intendedUs ?? 0;
  const lastUs = samples.at(-1)?.intendedUs ?? firstUs;
  const fromUs = Math.floor(firstUs / fine) * fine;
  const toUs = lastUs + 1;
  const outcomes = outcomeBuckets(Math.ceil((toUs - fromUs) / fine));
  const sentUntilUs = lastUs + (lastUs - firstUs) / Math.max(1, samples.length - 1);
  const perOperation = outcomes.ok.map((_, bucket) => {
    const atUs = fromUs + bucket * fine;
    const sentUs = Math.min(atUs + fine, sentUntilUs) - Math.max(atUs, firstUs);
    // A bucket of which less than half was sent in would make much of a few operations.
    return SECOND / Math.max(sentUs, fine / 2);
  });
  const latency = latencyBuckets(Math.ceil((toUs - fromUs) / coarse), samples.length);
  tellEach(samples, {
    add: (_id, intendedUs, _startUs, endUs, { outcome }) => {
      const bucket = Math.floor((intendedUs - fromUs) / fine);
      outcomes[outcome][bucket] = (outcomes[outcome][bucket] ?? 0) + (perOperation[bucket] ?? 0);
      if (outcome === "ok") latency.add(Math.floor((intendedUs - fromUs) / coarse), endUs - intendedUs);
    },
  });
  const middles = (width: Micros): Times => ({ first: (fromUs + width / 2) / SECOND, step: width / SECOND });
  return {
    name,
    outcomes: { at: middles(fine), ...outcomes },
    latencyMs: { at: middles(coarse), ...latency.finish() },
  };
}

/** The load of all stages, per second (wider in long runs) by when operations ended, all agents and operations together. */
export function streamOfStages(stages: readonly RecordedStage[], lengthUs: Micros): StreamData {
  const widthUs = pointWidthUs(lengthUs);
  const buckets = stages.map((stage) => bucketsOf(stage, widthUs));
  const upper = deepestPercentile(buckets.flat());
  const points = stages.flatMap((stage, index) => [
    nothingAt(stage.startedUs),
    ...(buckets[index] ?? []).map((seconds) => pointOf(seconds, upper)),
    nothingAt(stageEndUs(stage)),
  ]);
  const column = <Key extends keyof Point>(key: Key): Point[Key][] => points.map((point) => point[key]);
  const at = column("at");
  return {
    name: "load of the stages",
    outcomes: { at, ok: column("ok"), failed: column("failed"), unknown: column("unknown") },
    latencyMs: { at, p50: column("p50"), upper: column("upper"), upperName: `p${upper}`, max: column("max") },
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

interface Point {
  readonly at: number;
  readonly ok: number | null;
  readonly failed: number | null;
  readonly unknown: number | null;
  readonly p50: number | null;
  readonly upper: number | null;
  readonly max: number | null;
}

function bucketsOf({ seconds, startedUs }: RecordedStage, widthUs: number): (readonly StageSecond[])[] {
  const buckets = new Map<number, StageSecond[]>();
  for (const second of seconds) {
    const middle = (second.fromUs + second.toUs) / 2;
    const bucket = Math.floor((middle - startedUs) / widthUs);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), second]);
  }
  const lists = [...buckets].toSorted(([a], [b]) => a - b).map(([, list]) => list);
  // The last one may be a few milliseconds long: a rate of its own would be chance.
  const [before, last] = lists.slice(-2);
  if (before === undefined || last === undefined || spanUs(last) >= SECOND / 2) return lists;
  return [...lists.slice(0, -2), [...before, ...last]];
}

function spanUs(list: readonly StageSecond[]): Micros {
  return Math.max(...list.map(({ toUs }) => toUs)) - Math.min(...list.map(({ fromUs }) => fromUs));
}

/** The deepest percentile that half of the points allow. */
function deepestPercentile(buckets: readonly (readonly StageSecond[])[]): ReturnType<typeof deepestDrawn> {
  const counts = buckets
    .map((seconds) => sum(seconds.flatMap(({ operations }) => operations.map(({ ok }) => ok))))
    .toSorted((a, b) => a - b);
  const typical = counts[Math.floor(counts.length / 2)] ?? 0;
  return deepestDrawn(typical);
}

function pointOf(list: readonly StageSecond[], upper: ReturnType<typeof deepestDrawn>): Point {
  const fromUs = Math.min(...list.map((one) => one.fromUs));
  const toUs = Math.max(...list.map((one) => one.toUs));
  const perSecond = (pick: (operation: OperationSecond) => number): number =>
    Math.round(
      (sum(list.flatMap(({ operations }) => operations.map(pick))) * SECOND * 10) / (toUs - fromUs),
    ) / 10;
  const latency = mergeSeconds(list, "latency");
  const at = (percent: number, needed: number): number | null =>
    latency.totalCount < needed ? null : Math.round(latency.getValueAtPercentile(percent)) / 1000;
  return {
    at: (fromUs + toUs) / 2 / SECOND,
    ok: perSecond(({ ok }) => ok),
    failed: perSecond(({ failed }) => totalCount(failed)),
    unknown: perSecond(({ unknown }) => totalCount(unknown)),
    p50: at(50, 2),
    upper: at(upper, samplesNeeded[upper]),
    max: latency.totalCount === 0 ? null : Math.round(latency.maxValue) / 1000,
  };
}

/** A point without values cuts the lines: nothing is drawn between stages. */
function nothingAt(atUs: number): Point {
  return {
    at: atUs / SECOND,
    ok: null,
    failed: null,
    unknown: null,
    p50: null,
    upper: null,
    max: null,
  };
}

const SECOND = 1_000_000;
