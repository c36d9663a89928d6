import type { ClientSettings } from "../harness/model/benchmark.ts";

/**
 * The native engine in one agent, whose operations take any free one of so many connections. `latencyLimitMs`: what an
 * answer may take to count.
 */
export function pooledClient(
  settings: Pick<ClientSettings, "connections" | "latencyLimitMs"> & Partial<ClientSettings>,
): ClientSettings {
  return {
    engine: "native",
    agents: 1,
    sessions: "pool",
    mix: "per-operation",
    timeoutMs: 2000,
    samplesKept: 10000,
    ...settings,
  };
}
