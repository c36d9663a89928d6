import { printableLine } from "../support/printable.ts";
import type { Acknowledgement, Outcome, Sample } from "../model/sample.ts";
import type { Damage } from "./damage.ts";
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

/**
 * The samples of a file's lines; the first line names the columns, of which later versions may have more behind these.
 * Checked by hand, since there are hundreds of thousands.
 */
export function toSamples(values: readonly unknown[], file: string, damage: Damage): readonly Sample[] {
  const header = values[0];
  if (header === undefined) return [];
  if (!isHeader(header)) {
    const found = JSON.stringify(header).slice(0, 60);
    damage.add({ where: `${file}:1`, message: `expected the columns ${SAMPLES_HEADER}, found ${found}.` });
    return [];
  }
  const samples: Sample[] = [];
  const words = new Map<string, string>();
  for (let index = 1; index < values.length; index += 1) {
    const row = values[index];
    if (isRow(row)) samples.push(toSample(row, words));
    else if (row !== undefined) damage.add(rowProblem(row, `${file}:${index + 1}`));
  }
  return samples;
}

/** As many columns as every recording has. */
const LEAST_COLUMNS = 6;

type Row = readonly [number, number, number, number, Outcome, string | null, number?, (string | null)?];

/** By index: taking an array apart by a pattern asks its iterator. */
function toSample(row: Row, words: Map<string, string>): Sample {
  const sample = {
    id: row[0],
    intendedUs: row[1],
    startUs: row[2],
    endUs: row[3],
    outcome: row[4],
    code: shown(row[5], words),
  };
  const timeline = row[6];
  if (timeline === undefined) return sample;
  return { ...sample, acknowledgedBy: { timeline, address: shown(row[7] ?? null, words) } };
}

/** There are few codes and addresses, and each is made printable once. */
function shown(word: string | null, words: Map<string, string>): string | null {
  if (word === null) return null;
  const before = words.get(word);
  if (before !== undefined) return before;
  const printed = printableLine(word);
  words.set(word, printed);
  return printed;
}

function isHeader(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("columns" in value)) return false;
  const { columns } = value;
  return (
    Array.isArray(columns) &&
    columns.length >= LEAST_COLUMNS &&
    SAMPLE_COLUMNS.every((name, index) => index >= columns.length || columns[index] === name)
  );
}

function isRow(row: unknown): row is Row {
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

function rowProblem(row: unknown, where: string): { readonly where: string; readonly message: string } {
  const expected = `[${SAMPLE_COLUMNS.join(", ")}] (the last two may be left out)`;
  return { where, message: `expected ${expected}, found ${JSON.stringify(row).slice(0, 60)}.` };
}
