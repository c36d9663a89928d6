import type { ContainerCounters } from "./counters.ts";

/** What is read of the engine's answer to `GET /containers/ID/stats`, of either version of cgroups. */
export interface EngineStats {
  /** RFC 3339, on the engine's clock; year 1 when the container does not run. */
  readonly read: string;
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly total_usage?: number };
    readonly throttling_data?: { readonly periods?: number; readonly throttled_periods?: number };
  };
  readonly memory_stats?: {
    readonly usage?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op: string; readonly value: number }[] | null;
  };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
}

/** The same counters as the cgroup's files have; null when the container does not run. */
export function countersOf(stats: EngineStats): ContainerCounters | null {
  const cpuNs = stats.cpu_stats?.cpu_usage?.total_usage;
  const memory = stats.memory_stats?.usage;
  const atMs = Date.parse(stats.read);
  if (cpuNs === undefined || memory === undefined || !(atMs > 0)) return null;
  const pages = stats.memory_stats?.stats ?? {};
  // Version 1 has both the container's own and, as total_..., those of the cgroups below it too.
  const pagesOf = (name: string): number => pages[`total_${name}`] ?? pages[name] ?? 0;
  const networks = Object.values(stats.networks ?? {});
  const disk = (operation: string): number =>
    (stats.blkio_stats?.io_service_bytes_recursive ?? [])
      .filter((entry) => entry.op.toLowerCase() === operation)
      .reduce((sum, entry) => sum + entry.value, 0);
  return {
    atMs,
    cpuMs: cpuNs / 1e6,
    periods: stats.cpu_stats?.throttling_data?.periods ?? 0,
    throttledPeriods: stats.cpu_stats?.throttling_data?.throttled_periods ?? 0,
    memoryBytes: memory - pagesOf("inactive_file") - pagesOf("active_file"),
    diskReadBytes: disk("read"),
    diskWrittenBytes: disk("write"),
    receivedBytes: networks.reduce((sum, network) => sum + network.rx_bytes, 0),
    sentBytes: networks.reduce((sum, network) => sum + network.tx_bytes, 0),
  };
}
