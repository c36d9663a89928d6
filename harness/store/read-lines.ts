import type { Damage } from "./damage.ts";
import { readPieces } from "./read-pieces.ts";

/**
 * Tells `take` of each value in a file of one JSON value per line, in their order, with the number of its line; an absent
 * file has none. Memory holds no more than a piece of the file. Resolves with whether the last line was cut off (the
 * writer was killed), which is then left out. A line in the middle that is no JSON is damage that names it.
 */
export async function readLines(
  file: string,
  damage: Damage,
  take: (value: unknown, line: number) => void,
): Promise<boolean> {
  let lines = 0;
  try {
    return await readPieces(file, (bytes, end) => {
      const whole = bytes.lastIndexOf("\n", end - 1) + 1;
      if (whole === 0) return 0;
      for (const value of parseAll(bytes.toString("utf8", 0, whole - 1), lines, file, damage)) {
        lines += 1;
        if (value !== undefined) take(value, lines);
      }
      return whole;
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/**
 * One parse of all lines of a piece is several times faster than one per line; a bad line is looked for only when it
 * fails, or when values and lines are not as many (two values in a line). undefined where a line is no JSON.
 */
function parseAll(text: string, linesBefore: number, file: string, damage: Damage): readonly unknown[] {
  try {
    const values = JSON.parse(`[${text.replaceAll("\n", ",")}]`) as readonly unknown[];
    if (values.length === lineCount(text)) return values;
  } catch {
    // The lines themselves tell which.
  }
  return text.split("\n").map((line, index) => parseLine(line, `${file}:${linesBefore + index + 1}`, damage));
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
