import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { expect, it } from "vitest";
import { UsageError } from "../model/errors.ts";
import { decodeHistogram } from "./decode-histogram.ts";

const histogram = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
histogram.recordValue(1234);
const encoded = encodeIntoCompressedBase64(histogram);

it("a recorded histogram comes back with its counts", () => {
  expect(decodeHistogram(encoded).totalCount).toBe(1);
});

it.each([
  ["cut off", encoded.slice(0, -12)],
  ["changed", `${encoded.slice(0, 20)}AAAA${encoded.slice(24)}`],
  ["something else", "HISTFAAAAA=="],
])("one that is %s is a problem of the recording, not of dpg-bench", (_, damaged) => {
  expect(() => decodeHistogram(damaged)).toThrow(UsageError);
});
