import { readFileSync } from "node:fs";

/**
 * CPU time of one of this process's threads, by default the first one, which reads answers and sends what no other does,
 * from the scheduler's own account (Linux, proc(5): schedstat). `thread`: its number in the system. Microseconds; null
 * where the system does not tell.
 */
export function threadCpuUs(thread: number = process.pid): number | null {
  try {
    const [ns] = readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8").split(" ");
    return Number(ns) / 1000;
  } catch {
    return null;
  }
}
