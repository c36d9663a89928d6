import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathInside } from "./path-inside.ts";
import { storageError } from "./storage-error.ts";

/**
 * Writes a file of a run whole or not at all, and resolves with its path. `name` may hold folders, such as
 * `logs/haproxy.log`, and never leads out of the folder: such a name is a HarnessError. Throws a MachineError when the
 * disk is full or the folder cannot be written.
 */
export async function writeResult(directory: string, name: string, text: string): Promise<string> {
  const target = pathInside(directory, name);
  const draft = `${target}.${process.pid}.draft`;
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(draft, text, "utf8");
    await rename(draft, target);
  } catch (error) {
    throw storageError(target, error);
  }
  return target;
}
