import { readFile } from "node:fs/promises";
import type { Damage } from "./damage.ts";

/** The values of a file of one JSON value per line. */
export interface ReadLines {
  /** In the order of the lines, the first line first; undefined where a line is no JSON. */
  readonly values: readonly unknown[];
  /** The last line was cut off (the writer was killed) and was left out. */
  readonly torn: boolean;
}

/**
 * Reads such a file; an absent file has no values. A torn last line is left out and said so; a line in the middle that
 * is no JSON is damage that names it.
 */
export async function readLines(file: string, damage: Damage): Promise<ReadLines> {
  const text = await readIfThere(file);
  const end = text.lastIndexOf("\n");
  const whole = end === -1 ? "" : text.slice(0, end);
  const rest = text.slice(end + 1);
  const values = whole === "" ? [] : parseAll(whole, file, damage);
  return { values, torn: rest !== "" };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/**
 * One parse of everything is several times faster than one per line; a bad line is looked for only when it fails, or when
 * values and lines are not as many (two values in a line).
 */
function parseAll(whole: string, file: string, damage: Damage): readonly unknown[] {
  try {
    const values = JSON.parse(`[${whole.replaceAll("\n", ",")}]`) as readonly unknown[];
    if (values.length === lineCount(whole)) return values;
  } catch {
    // The lines themselves tell which.
  }
  return whole.split("\n").map((line, index) => parseLine(line, `${file}:${index + 1}`, damage));
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function parseLine(line: string, where: string, damage: Damage): unknown {
  try {
    return JSON.parse(line);
  } catch {
    damage.add({ where, message: `expected one JSON value, found ${JSON.stringify(line.slice(0, 60))}.` });
    return undefined;
  }
}
