import type { Acknowledgement, Sample } from "../model/sample.ts";

/**
 * Order of the values in each line of a samples file; its first line names them. The last two are of an acknowledgement,
 * and are left out where there is none, as in older recordings.
 */
const SAMPLE_COLUMNS = [
  "id",
  "intendedUs",
  "startUs",
  "endUs",
  "outcome",
  "code",
  "timeline",
  "address",
] as const satisfies readonly (keyof Sample | keyof Acknowledgement)[];

/** The first line of a samples file. */
export const SAMPLES_HEADER = JSON.stringify({ columns: SAMPLE_COLUMNS });

/** One sample as a line. By hand: JSON.stringify of the object takes about twice the time and the room. */
export function sampleLine(sample: Sample): string {
  const { id, intendedUs, startUs, endUs, outcome, code, acknowledgedBy } = sample;
  const codeText = code === null ? "null" : JSON.stringify(code);
  const by =
    acknowledgedBy === undefined
      ? ""
      : `,${acknowledgedBy.timeline},${JSON.stringify(acknowledgedBy.address)}`;
  return `[${id},${intendedUs},${startUs},${endUs},"${outcome}",${codeText}${by}]`;
}

type SampleLine = [
  number,
  number,
  number,
  number,
  Sample["outcome"],
  string | null,
  (number | undefined)?,
  (string | null)?,
];

/** The samples of a file's lines; the first line names the columns. */
export function toSamples(values: readonly unknown[]): readonly Sample[] {
  return (values.slice(1) as SampleLine[]).map(
    ([id, intendedUs, startUs, endUs, outcome, code, timeline, address]) => {
      const sample = { id, intendedUs, startUs, endUs, outcome, code };
      return timeline === undefined
        ? sample
        : { ...sample, acknowledgedBy: { timeline, address: address ?? null } };
    },
  );
}
