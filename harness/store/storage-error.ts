import { MachineError } from "../model/errors.ts";

/** What a failed write means for the machine's owner. */
export function storageError(path: string, cause: unknown): MachineError {
  const systemCode = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (systemCode === "ENOSPC" || systemCode === "EDQUOT") {
    return new MachineError({
      code: "disk-full",
      message: `Expected room on the disk for ${path}, found none (${systemCode}).`,
      hint: "Free some space, or choose another place with --out DIR; what was written so far is kept.",
      cause,
    });
  }
  return new MachineError({
    code: "not-writable",
    message: `Expected to write ${path}, but the system refused: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: "Choose a folder that you may write to with --out DIR.",
    cause,
  });
}
