import { readFileSync } from "node:fs";

/**
 * CPU time of this process's first thread, which sends, from the scheduler's own account (Linux, proc(5): schedstat).
 * Microseconds; null where the system does not tell.
 */
export function sendingThreadCpuUs(): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
    return Number(ns) / 1000;
  } catch {
    return null;
  }
}
