import type { Acknowledgement, Outcome, Sample } from "../model/sample.ts";
import { FARTHEST_US } from "./schema/values.ts";

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

/** As many columns as every recording has. */
const LEAST_COLUMNS = 6;

export type Row = readonly [
  number,
  number,
  number,
  number,
  Outcome,
  string | null,
  number?,
  (string | null)?,
];

/** Is it the first line of a samples file? Later versions may have more columns behind these. */
export function isHeader(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("columns" in value)) return false;
  const { columns } = value;
  return (
    Array.isArray(columns) &&
    columns.length >= LEAST_COLUMNS &&
    SAMPLE_COLUMNS.every((name, index) => index >= columns.length || columns[index] === name)
  );
}

/** Checked by hand, since there are millions. */
export function isRow(row: unknown): row is Row {
  return (
    Array.isArray(row) &&
    isNumber(row[0]) &&
    isNumber(row[1]) &&
    isNumber(row[2]) &&
    isNumber(row[3]) &&
    (row[4] === "ok" || row[4] === "failed" || row[4] === "unknown") &&
    isWord(row[5]) &&
    (row[6] === undefined || (isNumber(row[6]) && (row[7] === undefined || isWord(row[7]))))
  );
}

/** A moment, or a number of about as many digits at most. */
function isNumber(value: unknown): boolean {
  return typeof value === "number" && value >= -FARTHEST_US && value <= FARTHEST_US;
}

function isWord(value: unknown): boolean {
  return value === null || typeof value === "string";
}

export function rowProblem(
  row: unknown,
  where: string,
): { readonly where: string; readonly message: string } {
  const expected = `[${SAMPLE_COLUMNS.join(", ")}] (the last two may be left out)`;
  return { where, message: `expected ${expected}, found ${JSON.stringify(row).slice(0, 60)}.` };
}
