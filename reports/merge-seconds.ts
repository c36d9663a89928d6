import { build, type Histogram } from "hdr-histogram-js";
import type { EncodedHistogram, OperationSecond, StageSecond } from "../harness/model/stage.ts";
import { decodeHistogram } from "../harness/stats/decode-histogram.ts";

export type HistogramKind = "latency" | "serviceTime" | "lag";

/** One histogram over all operations and agents of these seconds; microseconds. Lossless: buckets are added. */
export function mergeSeconds(
  seconds: readonly StageSecond[],
  kind: HistogramKind,
  wanted: (operation: OperationSecond) => boolean = () => true,
): Histogram {
  const merged = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true });
  for (const { operations } of seconds) {
    for (const operation of operations) if (wanted(operation)) addTo(merged, operation[kind]);
  }
  return merged;
}

/** Microseconds of the value of this rank, from 1. */
export function valueAtRank(histogram: Histogram, rank: number): number {
  // HdrHistogram takes a percentage and rounds it to a rank: this is the rank itself.
  return histogram.getValueAtPercentile((100 * rank) / histogram.totalCount);
}

function addTo(merged: Histogram, encoded: EncodedHistogram): void {
  if (encoded !== null) merged.add(decodeHistogram(encoded));
}
