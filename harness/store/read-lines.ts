import { readFile } from "node:fs/promises";
import { UsageError } from "../model/errors.ts";

/** The values of a file of one JSON value per line. */
export interface ReadLines {
  readonly values: readonly unknown[];
  /** The last line was cut off (the writer was killed) and was left out. */
  readonly torn: boolean;
}

/**
 * Reads such a file; an absent file has no values. A torn last line is left out and said so; a line in the middle that
 * is no JSON is a UsageError that names it.
 */
export async function readLines(file: string): Promise<ReadLines> {
  const text = await readIfThere(file);
  const end = text.lastIndexOf("\n");
  const whole = end === -1 ? "" : text.slice(0, end);
  const rest = text.slice(end + 1);
  const values = whole === "" ? [] : parseAll(whole, file);
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

/** One parse of everything is several times faster than one per line; a bad line is looked for only when it fails. */
function parseAll(whole: string, file: string): readonly unknown[] {
  try {
    return JSON.parse(`[${whole.replaceAll("\n", ",")}]`) as readonly unknown[];
  } catch {
    return whole.split("\n").map((line, index) => parseLine(line, index + 1, file));
  }
}

function parseLine(line: string, number: number, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(
      [
        {
          where: `${file}:${number}`,
          message: `expected one JSON value, found ${JSON.stringify(line.slice(0, 60))}.`,
        },
      ],
      "damaged-recording",
    );
  }
}
