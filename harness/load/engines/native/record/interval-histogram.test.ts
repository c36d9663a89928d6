import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { IntervalHistogram } from "./interval-histogram.ts";

test("its encoding is read by HdrHistogram as if that had recorded the values itself", () => {
  const random = seededRandom(3, "histogram");
  const ours = new IntervalHistogram();
  const theirs = build({ highestTrackableValue: 2 ** 31 - 1, numberOfSignificantValueDigits: 3 });
  for (let count = 0; count < 20_000; count += 1) {
    const us = Math.floor(Math.exp(random() * 19));
    ours.record(us);
    theirs.recordValue(us);
  }
  for (const us of [0, 1, 2047, 2048, 4095, 4096, 1_000_000]) {
    ours.record(us);
    theirs.recordValue(us);
  }
  for (const share of [0.01, 0.5, 0.99, 0.999, 1]) {
    expect(ours.percentile(share)).toBe(theirs.getValueAtPercentile(share * 100));
  }
  const decoded = decodeFromCompressedBase64(ours.take()!);
  expect(decoded.totalCount).toBe(theirs.totalCount);
  const again = decodeFromCompressedBase64(encodeIntoCompressedBase64(theirs));
  expect(decoded.toJSON()).toEqual(again.toJSON());
  expect(decoded.outputPercentileDistribution()).toBe(again.outputPercentileDistribution());
});

test("taking begins anew, and nothing recorded is null", () => {
  const histogram = new IntervalHistogram();
  expect(histogram.take()).toBeNull();
  histogram.record(5);
  histogram.take();
  expect(histogram.take()).toBeNull();
  expect(histogram.percentile(0.5)).toBe(0);
});

test("what is outside its range counts at the range's ends", () => {
  const histogram = new IntervalHistogram();
  histogram.record(-3);
  histogram.record(1e12);
  const decoded = decodeFromCompressedBase64(histogram.take()!);
  expect(decoded.totalCount).toBe(2);
  expect(decoded.minNonZeroValue).toBeGreaterThan(2 ** 31 - 2 ** 21);
});

test("intervals merge without loss", () => {
  const whole = new IntervalHistogram();
  const parts = [new IntervalHistogram(), new IntervalHistogram()];
  for (let us = 1; us < 5000; us += 7) {
    whole.record(us);
    parts[us % 2]!.record(us);
  }
  const [one, other] = parts.map((part) => decodeFromCompressedBase64(part.take()!));
  one!.add(other!);
  expect(one!.outputPercentileDistribution()).toBe(
    decodeFromCompressedBase64(whole.take()!).outputPercentileDistribution(),
  );
});
