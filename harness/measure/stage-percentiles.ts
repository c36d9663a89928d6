import { build, decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { Figure, Percentiles } from "../model/measurement.ts";
import type { EncodedHistogram } from "../model/stage.ts";
import { samplesNeeded, type Percentile } from "./percentile.ts";

/**
 * Percentiles, milliseconds, of histograms of microseconds added up: counts add up exactly, and a value is off by at
 * most 0.1 % (three significant digits). `absent` says why there is none when all are empty.
 */
export function stagePercentiles(encoded: readonly EncodedHistogram[], absent: string): Percentiles {
  const histogram = addUp(encoded);
  const n = histogram.totalCount;
  const none: Figure = { kind: "withheld", reason: absent };
  const at = (which: Percentile): Figure => {
    if (n === 0) return none;
    const needed = samplesNeeded[which];
    return n < needed
      ? { kind: "withheld", reason: `p${which} needs ${needed} samples, there are ${n}` }
      : { kind: "value", value: histogram.getValueAtPercentile(which) / 1000 };
  };
  return {
    n,
    mean: n === 0 ? none : { kind: "value", value: histogram.mean / 1000 },
    p50: at(50),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: n === 0 ? none : { kind: "value", value: histogram.maxValue / 1000 },
  };
}

function addUp(encoded: readonly EncodedHistogram[]): Histogram {
  const sum = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const each of encoded) if (each !== null) sum.add(decodeFromCompressedBase64(each));
  return sum;
}
