import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { UsageError } from "../model/errors.ts";
import type { EncodedHistogram } from "../model/stage.ts";

/** A recorded histogram. Throws a UsageError where what was recorded is none. */
export function decodeHistogram(encoded: NonNullable<EncodedHistogram>): Histogram {
  try {
    return decodeFromCompressedBase64(encoded);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const found = `${encoded.slice(0, 40)}${encoded.length > 40 ? "..." : ""}`;
    throw new UsageError(
      [
        {
          where: "a histogram of a stage",
          message: `expected HdrHistogram's compressed encoding, found "${found}" (${why}).`,
          suggestion: "The recording was damaged or changed: take the untouched folder.",
        },
      ],
      "damaged-recording",
    );
  }
}
