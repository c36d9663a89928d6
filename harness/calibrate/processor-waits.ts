import { readdirSync, readFileSync } from "node:fs";

/** What threads had waited in all for a processor though they could run, at one moment. Microseconds. */
export type ProcessorWait = readonly [atUs: number, waitedUs: number];

/** Reads again and again how long the threads of some processes have waited for a processor. */
export interface ProcessorWaits extends Disposable {
  stop(): readonly ProcessorWait[];
}

const EVERY_MS = 100;

/** From the kernel's account of its run queues (`/proc/PID/task/TID/schedstat`, second field); nothing where it keeps none. */
export function watchProcessorWaits(pids: readonly number[], nowUs: () => number): ProcessorWaits {
  const readings: ProcessorWait[] = [];
  // A thread that has ended has waited all the same.
  const byThread = new Map<string, number>();
  const read = (): void => {
    for (const thread of pids.flatMap(threadsOf))
      byThread.set(thread, waitedUs(thread) ?? byThread.get(thread) ?? 0);
    readings.push([nowUs(), [...byThread.values()].reduce((sum, waited) => sum + waited, 0)]);
  };
  read();
  const timer = setInterval(read, EVERY_MS);
  const stop = (): readonly ProcessorWait[] => {
    clearInterval(timer);
    read();
    return readings;
  };
  return { stop, [Symbol.dispose]: () => clearInterval(timer) };
}

/** What was waited from one moment to another, to the readings that enclose them. Microseconds. */
export function waitedBetween(readings: readonly ProcessorWait[], fromUs: number, toUs: number): number {
  const before = readings.findLast(([atUs]) => atUs <= fromUs) ?? readings[0];
  const after = readings.find(([atUs]) => atUs >= toUs) ?? readings.at(-1);
  return before === undefined || after === undefined ? 0 : Math.max(0, after[1] - before[1]);
}

/** Their folders; none of a process that has ended. */
function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch {
    return [];
  }
}

/** null: it ended between the listing and the reading, or the kernel keeps no account. */
function waitedUs(thread: string): number | null {
  try {
    const [, waitedNs] = readFileSync(`${thread}/schedstat`, "latin1").split(" ");
    return Number(waitedNs ?? 0) / 1000;
  } catch {
    return null;
  }
}
