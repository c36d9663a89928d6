import { build, decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import type {
  EncodedHistogram,
  OperationSecond,
  RecordedStage,
  StageSecond,
} from "../harness/model/stage.ts";

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

/** The seconds that count for a stage's figures. */
export function steadySeconds({ seconds }: RecordedStage): readonly StageSecond[] {
  return seconds.filter(({ phase }) => phase === "steady");
}

/** Microseconds below which this share of the values lies; the share may be as deep as the histogram. */
export function valueAt(histogram: Histogram, share: number): number {
  return histogram.getValueAtPercentile(share * 100);
}

function addTo(merged: Histogram, encoded: EncodedHistogram): void {
  if (encoded !== null) merged.add(decodeFromCompressedBase64(encoded));
}
