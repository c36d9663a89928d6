import type { Sample } from "../model/sample.ts";

/** Order of the values in each line of a samples file; its first line names them. */
export const SAMPLE_COLUMNS = [
  "id",
  "intendedUs",
  "startUs",
  "endUs",
  "outcome",
  "code",
] as const satisfies readonly (keyof Sample)[];

/** One sample as a line. By hand: JSON.stringify of the object takes about twice the time and the room. */
export function sampleLine({ id, intendedUs, startUs, endUs, outcome, code }: Sample): string {
  const codeText = code === null ? "null" : JSON.stringify(code);
  return `[${id},${intendedUs},${startUs},${endUs},"${outcome}",${codeText}]`;
}
