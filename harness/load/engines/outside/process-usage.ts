import { readFile } from "node:fs/promises";

/** Ticks per second of /proc: USER_HZ, 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** What a process, or one thread of it, has used. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

/** From /proc/<pid>/stat or /proc/<pid>/task/<tid>/stat; null when it is gone. */
export async function readUsage(of: string): Promise<Usage | null> {
  try {
    return parseStat(await readFile(`/proc/${of}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/** Fields 14 and 15 (user and system time) and 24 (resident pages) of proc(5); the name may hold blanks and brackets. */
export function parseStat(text: string): Usage {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return {
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    memoryMb: (field(24) * PAGE_BYTES) / 2 ** 20,
  };
}

const PAGE_BYTES = 4096;
