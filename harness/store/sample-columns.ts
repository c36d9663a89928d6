import type { Sample } from "../model/sample.ts";

/** Order of the values in each line of a samples file; its first line names them. */
const SAMPLE_COLUMNS = [
  "id",
  "intendedUs",
  "startUs",
  "endUs",
  "outcome",
  "code",
] as const satisfies readonly (keyof Sample)[];

/** The first line of a samples file. */
export const SAMPLES_HEADER = JSON.stringify({ columns: SAMPLE_COLUMNS });

/** One sample as a line. By hand: JSON.stringify of the object takes about twice the time and the room. */
export function sampleLine({ id, intendedUs, startUs, endUs, outcome, code }: Sample): string {
  const codeText = code === null ? "null" : JSON.stringify(code);
  return `[${id},${intendedUs},${startUs},${endUs},"${outcome}",${codeText}]`;
}

type SampleLine = [number, number, number, number, Sample["outcome"], string | null];

/** The samples of a file's lines; the first line names the columns. */
export function toSamples(values: readonly unknown[]): readonly Sample[] {
  return (values.slice(1) as SampleLine[]).map(([id, intendedUs, startUs, endUs, outcome, code]) => ({
    id,
    intendedUs,
    startUs,
    endUs,
    outcome,
    code,
  }));
}
