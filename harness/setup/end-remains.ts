import { readFile, rm } from "node:fs/promises";
import type { ProcessEntry } from "./machine.ts";

/** Removes pid files that would keep the next daemon from starting. */
export async function removeStaleFiles(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true });
}

/**
 * Ends what a dead daemon left running, containers included (their shims' children): the last resort, for when the
 * next daemon does not start beside it. Otherwise that one adopts the containers and stops them in order.
 */
export async function endProcesses(remains: readonly ProcessEntry[]): Promise<void> {
  for (const { pid } of remains) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    for (const child of children.split(" ").filter((text) => text !== "")) kill(Number(child));
    kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself since we looked.
  }
}
