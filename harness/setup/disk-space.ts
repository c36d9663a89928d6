import { statfs } from "node:fs/promises";
import type Dockerode from "dockerode";
import { MachineError } from "../model/errors.ts";
import { formatBytes } from "../model/format-value.ts";

const GIB = 1024 ** 3;

/** Both images, their layers while they are built, and the data of one cluster. */
export const NEEDED_BYTES = 3 * GIB;

/** Raises a MachineError `disk-full` when the engine's folder has too little room; says nothing of engines elsewhere. */
export async function requireDiskSpace(engine: Dockerode, needed = NEEDED_BYTES): Promise<void> {
  const { DockerRootDir: folder } = (await engine.info()) as { DockerRootDir: string };
  const free = await freeBytes(folder);
  if (free === null || free >= needed) return;
  throw new MachineError({
    code: "disk-full",
    message: `Expected ${formatBytes(needed)} of free disk space in ${folder} for the images, found ${formatBytes(free)}.`,
    hint: "Free some: `docker system df` tells who uses it, `docker system prune` removes what nothing uses.",
  });
}

/** Bytes free to unprivileged users; null for a folder that is not on this machine. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
