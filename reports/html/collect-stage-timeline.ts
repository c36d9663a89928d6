import type { OperationSecond, RecordedStage, StageSecond } from "../../harness/model/stage.ts";
import { deepestDrawn, samplesNeeded } from "../../harness/stats/percentiles.ts";
import { mergeSeconds } from "../merge-seconds.ts";
import type { Run } from "../run.ts";
import { runLengthUs } from "../run-length.ts";
import { stageTitle } from "../../harness/model/figure-names.ts";
import type { StageTimelineData } from "./benchmark-data.ts";
import { collectCheckpoints } from "./collect-checkpoints.ts";
import { totalCount } from "../../harness/stats/total-count.ts";

/** Throughput and latency of all stages per second (wider in long runs), all agents and operations together. */
export function collectStageTimeline({ recording }: Run, widthUs: number): StageTimelineData {
  const { stages, resources } = recording;
  const buckets = stages.map((stage) => bucketsOf(stage, widthUs));
  const upper = deepestPercentile(buckets.flat());
  const points = stages.flatMap((stage, index) => [
    nothingAt(stage.startedUs),
    ...(buckets[index] ?? []).map((seconds) => pointOf(seconds, upper)),
    nothingAt(endOf(stage)),
  ]);
  const column = <Key extends keyof Point>(key: Key): Point[Key][] => points.map((point) => point[key]);
  return {
    lengthSeconds: runLengthUs(recording) / SECOND,
    stages: stages.map((stage) => ({
      title: stageTitle(stage.stage),
      from: stage.startedUs / SECOND,
      to: endOf(stage) / SECOND,
      phases: phasesOf(stage),
    })),
    at: column("at"),
    ok: column("ok"),
    failed: column("failed"),
    unknown: column("unknown"),
    p50: column("p50"),
    upper: column("upper"),
    upperName: `p${upper}`,
    max: column("max"),
    checkpoints: collectCheckpoints(resources),
  };
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
  return [...buckets].toSorted(([a], [b]) => a - b).map(([, list]) => list);
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

function phasesOf({ seconds }: RecordedStage): { phase: string; from: number; to: number }[] {
  const phases: { phase: string; from: number; to: number }[] = [];
  for (const { phase, fromUs, toUs } of seconds.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const last = phases.at(-1);
    if (last?.phase === phase) last.to = Math.max(last.to, toUs / SECOND);
    else phases.push({ phase, from: fromUs / SECOND, to: toUs / SECOND });
  }
  return phases;
}

function endOf({ startedUs, end, seconds }: RecordedStage): number {
  return Math.max(startedUs, end?.atUs ?? 0, ...seconds.slice(-8).map(({ toUs }) => toUs));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

const SECOND = 1_000_000;
