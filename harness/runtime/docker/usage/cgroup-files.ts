import type { ContainerCounters } from "./counters.ts";

/** A text file of the kernel's, by its path; null when it is not there. */
export type ReadText = (path: string) => string | null;

/** Where a container's counters stand on this machine. */
export interface CgroupFiles {
  readonly version: 1 | 2;
  /** Of each controller; in version 2 one folder holds them all. */
  readonly cpuacct: string;
  readonly cpu: string;
  readonly memory: string;
  readonly blkio: string;
  /** The network's counters, seen by one of the container's processes. */
  readonly network: string;
}

const ROOT = "/sys/fs/cgroup";

/**
 * Finds them by a process of the container, whatever driver named its cgroup. null when this machine has no such
 * process, or a cgroup of that name is not in sight: the engine runs elsewhere, or the harness in a container.
 */
export function locateCgroup(containerId: string, pid: number, read: ReadText): CgroupFiles | null {
  const membership = parseMembership(read(`/proc/${pid}/cgroup`) ?? "");
  const folder = (controller: string): string | null => {
    const path = membership.get(controller);
    return path?.includes(containerId) === true ? path : null;
  };
  const network = `/proc/${pid}/net/dev`;
  const cpuacct = folder("cpuacct");
  const cpu = folder("cpu");
  const memory = folder("memory");
  const blkio = folder("blkio");
  const unified = folder("");
  const found: CgroupFiles | null =
    cpuacct !== null && cpu !== null && memory !== null && blkio !== null
      ? {
          version: 1,
          cpuacct: `${ROOT}/cpuacct${cpuacct}`,
          cpu: `${ROOT}/cpu${cpu}`,
          memory: `${ROOT}/memory${memory}`,
          blkio: `${ROOT}/blkio${blkio}`,
          network,
        }
      : unified === null
        ? null
        : { version: 2, ...everyController(`${ROOT}${unified}`), network };
  return found !== null && readCgroup(found, read, 0) !== null ? found : null;
}

/** The counters as they stand now; null when the container has ended. */
export function readCgroup(files: CgroupFiles, read: ReadText, atMs: number): ContainerCounters | null {
  const network = read(files.network);
  const used = files.version === 1 ? readVersion1(files, read) : readVersion2(files, read);
  if (network === null || used === null) return null;
  return { atMs, ...used, ...parseNetwork(network) };
}

type CgroupCounters = Omit<ContainerCounters, "atMs" | "receivedBytes" | "sentBytes">;

function readVersion1(files: CgroupFiles, read: ReadText): CgroupCounters | null {
  const cpu = read(`${files.cpuacct}/cpuacct.usage`);
  const memory = read(`${files.memory}/memory.usage_in_bytes`);
  if (cpu === null || memory === null) return null;
  const throttling = parseFlat(read(`${files.cpu}/cpu.stat`) ?? "");
  const pages = parseFlat(read(`${files.memory}/memory.stat`) ?? "");
  const disk = read(`${files.blkio}/blkio.throttle.io_service_bytes_recursive`);
  return {
    cpuMs: Number(cpu) / 1e6,
    periods: throttling.get("nr_periods") ?? 0,
    throttledPeriods: throttling.get("nr_throttled") ?? 0,
    memoryBytes:
      Number(memory) - (pages.get("total_inactive_file") ?? 0) - (pages.get("total_active_file") ?? 0),
    ...parseBlkio(disk ?? read(`${files.blkio}/blkio.throttle.io_service_bytes`) ?? ""),
  };
}

function readVersion2(files: CgroupFiles, read: ReadText): CgroupCounters | null {
  const cpu = read(`${files.cpu}/cpu.stat`);
  const memory = read(`${files.memory}/memory.current`);
  if (cpu === null || memory === null) return null;
  const counted = parseFlat(cpu);
  const pages = parseFlat(read(`${files.memory}/memory.stat`) ?? "");
  return {
    cpuMs: (counted.get("usage_usec") ?? 0) / 1000,
    periods: counted.get("nr_periods") ?? 0,
    throttledPeriods: counted.get("nr_throttled") ?? 0,
    memoryBytes: Number(memory) - (pages.get("inactive_file") ?? 0) - (pages.get("active_file") ?? 0),
    ...parseIoStat(read(`${files.blkio}/io.stat`) ?? ""),
  };
}

function everyController(folder: string): Omit<CgroupFiles, "version" | "network"> {
  return { cpuacct: folder, cpu: folder, memory: folder, blkio: folder };
}

/** `4:cpu,cpuacct:/docker/ID` and, in version 2, `0::/system.slice/docker-ID.scope`; by controller, "" for version 2. */
function parseMembership(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    return controllers.split(",").map((controller) => [controller, path] as const);
  });
  return new Map(lines);
}

/** `name number` a line. */
function parseFlat(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [name, value] = line.split(" ");
      return name === undefined || value === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
}

/** `8:0 Read 4096` for each device, and `Total 8192` at the end. */
function parseBlkio(text: string): Pick<ContainerCounters, "diskReadBytes" | "diskWrittenBytes"> {
  const sum = (operation: string): number =>
    [...text.matchAll(new RegExp(`^\\d+:\\d+ ${operation} (\\d+)$`, "gm"))].reduce(
      (total, [, bytes]) => total + Number(bytes),
      0,
    );
  return { diskReadBytes: sum("Read"), diskWrittenBytes: sum("Write") };
}

/** `8:0 rbytes=4096 wbytes=8192 rios=1 ...` for each device. */
function parseIoStat(text: string): Pick<ContainerCounters, "diskReadBytes" | "diskWrittenBytes"> {
  const sum = (field: string): number =>
    [...text.matchAll(new RegExp(`\\b${field}=(\\d+)`, "g"))].reduce(
      (total, [, bytes]) => total + Number(bytes),
      0,
    );
  return { diskReadBytes: sum("rbytes"), diskWrittenBytes: sum("wbytes") };
}

/** /proc/PID/net/dev: received bytes are an interface's first column, sent bytes its ninth. What stays inside does not count. */
function parseNetwork(text: string): Pick<ContainerCounters, "receivedBytes" | "sentBytes"> {
  let receivedBytes = 0;
  let sentBytes = 0;
  for (const [, name, columns] of text.matchAll(/^\s*([^:\s]+):\s*(.*)$/gm)) {
    const numbers = (columns ?? "").trim().split(/\s+/).map(Number);
    if (name === "lo") continue;
    receivedBytes += numbers[0] ?? 0;
    sentBytes += numbers[8] ?? 0;
  }
  return { receivedBytes, sentBytes };
}
