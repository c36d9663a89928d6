import type { ContainerReading } from "../../../model/resource.ts";

/** What a container has used since it was started, at one moment. */
export interface ContainerCounters {
  /** On any clock that stays the same between two looks. Milliseconds. */
  readonly atMs: number;
  readonly cpuMs: number;
  /** The scheduler's periods in which it wanted to run, and those in which its limit stopped it. */
  readonly periods: number;
  readonly throttledPeriods: number;
  /** In use now, without the page cache: files' pages are the kernel's to drop; shared memory counts. */
  readonly memoryBytes: number;
  readonly diskReadBytes: number;
  readonly diskWrittenBytes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** What a container may use; 0: no limit. */
export interface ContainerLimits {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** To a thousandth. */
export function inMebibytes(bytes: number): number {
  return rounded(bytes / MB);
}

const MB = 1024 * 1024;

/** What a container used between two looks; null when it was started anew in between, or no time has passed. */
export function usedBetween(
  node: string,
  before: ContainerCounters,
  now: ContainerCounters,
  limits: ContainerLimits,
): ContainerReading | null {
  const elapsedMs = now.atMs - before.atMs;
  if (elapsedMs <= 0 || now.cpuMs < before.cpuMs) return null;
  const perSecond = (of: (counters: ContainerCounters) => number): number =>
    Math.max(0, Math.round(((of(now) - of(before)) * 1000) / elapsedMs));
  const periods = now.periods - before.periods;
  const throttled = now.throttledPeriods - before.throttledPeriods;
  return {
    kind: "container",
    node,
    cpuCores: rounded((now.cpuMs - before.cpuMs) / elapsedMs),
    cpuLimit: limits.cpus,
    throttledShare: periods <= 0 ? 0 : rounded(throttled / periods),
    memoryMb: inMebibytes(now.memoryBytes),
    memoryLimitMb: inMebibytes(limits.memoryBytes),
    diskReadBytesPerSecond: perSecond((counters) => counters.diskReadBytes),
    diskWriteBytesPerSecond: perSecond((counters) => counters.diskWrittenBytes),
    networkReceivedBytesPerSecond: perSecond((counters) => counters.receivedBytes),
    networkSentBytesPerSecond: perSecond((counters) => counters.sentBytes),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
