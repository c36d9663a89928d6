import { stageTitle } from "../../harness/model/figure-names.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../../harness/model/stage.ts";
import { deepestDrawn, samplesNeeded } from "../../harness/stats/percentiles.ts";
import { mergeSeconds } from "../merge-seconds.ts";
import type { StreamData } from "./chart-data.ts";
import { totalCount } from "../../harness/stats/total-count.ts";

/** A stage as the time line draws it: in buckets of a second (wider in runs of more than 50 minutes). */
export function bucketStage({ stage, seconds, startedUs }: RecordedStage, lengthUs: number): StreamData {
  const widthUs = SECOND * Math.max(1, Math.ceil(lengthUs / SECOND / 3000));
  const buckets: StageSecond[][] = [];
  for (const second of seconds) {
    const index = Math.max(0, Math.floor(((second.fromUs + second.toUs) / 2 - startedUs) / widthUs));
    while (buckets.length <= index) buckets.push([]);
    buckets[index]?.push(second);
  }
  const count = (of: (operation: OperationSecond) => number): number[] =>
    buckets.map((own) => sum(own.flatMap(({ operations }) => operations.map(of))));
  const ok = count((operation) => operation.ok);
  const latencies = buckets.map((own) => mergeSeconds(own, "latency"));
  const upper = deepestDrawn(sum(ok) / Math.max(1, buckets.length));
  const at = (percent: number, needed: number): (number | null)[] =>
    latencies.map((latency) =>
      latency.totalCount < needed ? null : Math.round(latency.getValueAtPercentile(percent) / 10) / 100,
    );
  return {
    name: stageTitle(stage),
    fromSeconds: startedUs / SECOND,
    outcomes: {
      bucketSeconds: widthUs / SECOND,
      ok,
      failed: count(({ failed }) => totalCount(failed)),
      unknown: count(({ unknown }) => totalCount(unknown)),
    },
    latencyMs: {
      bucketSeconds: widthUs / SECOND,
      p50: at(50, 2),
      upper: at(upper, samplesNeeded[upper]),
      upperName: `p${upper}`,
      max: at(100, 1),
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

const SECOND = 1_000_000;
