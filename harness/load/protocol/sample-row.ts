import type { Micros } from "../../model/clock.ts";
import type { Acknowledgement, Outcome, Sample } from "../../model/sample.ts";

/** One sample as it travels: id, intended, start, end, outcome, code; and who acknowledged it, where that is known. */
export type SampleRow =
  | readonly [number, Micros, Micros, Micros, Outcome, string | null]
  | readonly [number, Micros, Micros, Micros, Outcome, string | null, Acknowledgement];

/** The sample of a row whose times are ahead of ours by `offsetUs`. */
export function sampleOf(
  [id, intendedUs, startUs, endUs, outcome, code, acknowledgedBy]: SampleRow,
  offsetUs: number,
): Sample {
  return {
    id,
    intendedUs: intendedUs - offsetUs,
    startUs: startUs - offsetUs,
    endUs: endUs - offsetUs,
    outcome,
    code,
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
  };
}
