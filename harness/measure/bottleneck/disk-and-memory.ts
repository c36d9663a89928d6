import type { Bottleneck } from "../../model/measurement.ts";
import { mostOf } from "../../stats/extremes.ts";
import { mean, type GroupedReadings } from "./group-readings.ts";
import { counted, formatCores, formatNumber, formatUtilisation } from "../../model/format-value.ts";

/** The cores had nothing to do but wait for disks in more than half of their idle time: faster disks would be felt. */
const FULL_DISK = 0.5;
/** Below this share of all cores, waiting for disks is a trickle, whatever else is idle. */
const LEAST_IO_WAIT = 0.1;
/** From here on the kernel takes pages away from the container to let it allocate; at 1 it kills a process. */
const FULL_MEMORY = 0.95;
/** PostgreSQL's checkpoint_timeout: by time alone there is one in so many seconds. */
const CHECKPOINT_TIMEOUT_SECONDS = 300;
/** checkpoint_completion_target: the share of the time to the next one over which each spreads its writing. */
const CHECKPOINT_SPREAD = 0.9;
const NAMED = 3;
const MB = 1e6;

/** The machine's disks, by what its idle cores waited for. */
export function fullDisk({ machine, containers }: GroupedReadings): readonly Bottleneck[] {
  const cores = mean(machine, (reading) => reading.cores);
  const waiting = mean(machine, (reading) => reading.ioWaitCores);
  const idle = cores - mean(machine, (reading) => reading.busyCores + reading.stolenCores);
  if (cores === 0 || waiting / cores < LEAST_IO_WAIT || waiting < FULL_DISK * idle) return [];
  const users = [...containers]
    .map(([node, readings]) => ({
      node,
      bytes: mean(readings, (reading) => reading.diskReadBytesPerSecond + reading.diskWriteBytesPerSecond),
    }))
    .toSorted((one, other) => other.bytes - one.bytes)
    .slice(0, NAMED)
    .map((user) => `${user.node} ${formatNumber(user.bytes / MB)} MB/s`);
  const most = users.length === 0 ? "" : `; most read and written: ${users.join(", ")}`;
  return [
    {
      resource: "disk of the machine",
      utilisation: Math.min(1, waiting / idle),
      evidence: `${formatCores(waiting)} of ${formatCores(idle)} idle cores waited for disks on average${most}`,
    },
  ];
}

/** Containers against the memory limit of their own. */
export function fullMemory({ containers }: GroupedReadings): readonly Bottleneck[] {
  return [...containers].flatMap(([node, readings]) => {
    const limit = mean(readings, (reading) => reading.memoryLimitMb);
    const used = mostOf(readings, (reading) => reading.memoryMb);
    const utilisation = limit === 0 ? 0 : used / limit;
    if (utilisation < FULL_MEMORY) return [];
    const evidence = `${formatNumber(used)} of ${formatNumber(limit)} MB allowed at most (${formatUtilisation(utilisation)}), without what the kernel can drop at once`;
    return [{ resource: `memory limit of ${node}`, utilisation, evidence }];
  });
}

/**
 * Checkpoints that follow one another sooner than by time: WAL fills max_wal_size, and each is followed by full-page
 * writes, which make more WAL. One alone may be due by time.
 */
export function hurriedCheckpoints({ members, seconds }: GroupedReadings): readonly Bottleneck[] {
  return [...members].flatMap(([member, readings]) => {
    const checkpoints = readings.reduce((sum, reading) => sum + reading.checkpoints, 0);
    const byTime = 1 + Math.floor(seconds / CHECKPOINT_TIMEOUT_SECONDS);
    if (readings.at(-1)?.primary !== true || checkpoints <= byTime) return [];
    const wal = mean(readings, (reading) => reading.walBytesPerSecond);
    return [
      {
        resource: `checkpoints of ${member}`,
        utilisation: CHECKPOINT_SPREAD,
        evidence: `${counted(checkpoints, "checkpoint")} in ${formatNumber(seconds)} s at ${formatNumber(wal / MB)} MB/s of WAL: one follows the other, because max_wal_size is full`,
      },
    ];
  });
}
