import { type FileHandle, open } from "node:fs/promises";
import { UsageError } from "../model/errors.ts";
import type { AskedFile } from "./matrix.ts";

/** A regular file to read from. A UsageError where there is none, or it may not be read. */
export async function openFile({ where, path }: AskedFile): Promise<FileHandle> {
  try {
    const handle = await open(path, "r");
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const found = reasons[code] ?? `an error that says ${code}`;
    const message = `expected a file that can be read at ${path}, found ${found}.`;
    throw new UsageError([{ where, message, suggestion: suggestions[code] }]);
  }
  throw new UsageError([{ where, message: `expected a file at ${path}, found something else.` }]);
}

const reasons: Readonly<Record<string, string>> = { ENOENT: "none", EACCES: "one that may not be read" };
const suggestions: Readonly<Record<string, string>> = {
  ENOENT:
    "A path after --set counts from the working folder, one in a scenario's file from that file's folder.",
  EACCES: "Give yourself the right to read it (chmod u+r).",
};
