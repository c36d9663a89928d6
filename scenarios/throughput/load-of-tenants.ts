import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { LoadPlan } from "../../harness/model/load.ts";
import type { Target } from "../../harness/model/target.ts";
import { losesNothing } from "../coordinator-promises.ts";
import { pooledClient } from "../pooled-client.ts";

/**
 * A rate that two cores carry beside the copying, on either dialect and with eight worker groups: shares of a capacity that
 * each run finds would compare nothing. At 320/s on Citus latency was in seconds before anything was moved.
 */
const PER_SECOND = 80;
const shape = {
  kind: "open",
  arrival: "poisson",
  rate: { kind: "constant", perSecond: PER_SECOND },
} as const;

/** Reads, small aggregates and inserts that all shards have a part in, before, while and after shards are moved. */
export function loadOfTenants({
  meanwhile,
  rowsPerTenant,
  steadySeconds,
}: {
  /** What is done under it, to follow "80/s while". */
  readonly meanwhile: string;
  readonly rowsPerTenant: number;
  readonly steadySeconds: number;
}): Benchmark {
  return {
    workload: "multi-tenant-mix",
    parameters: { rowsPerTenant },
    // Clients that give up soon and come anew cost a full machine more than those that wait.
    client: pooledClient({ connections: 32, latencyLimitMs: 100, samplesKept: 5000, timeoutMs: 10_000 }),
    phases: { warmupSeconds: 2, steadySeconds, coolDownSeconds: 0 },
    method: { kind: "fixed", stages: [{ name: "undisturbed", shape }] },
    sustained: { kind: "shape", name: `${PER_SECOND}/s while ${meanwhile}`, shape },
    k6Script: null,
    variants: [],
  };
}

/** Every shard is probed. */
export const probesOfShards: LoadPlan = {
  writeProbe: { ratePerSecond: 10, timeoutMs: 1000 },
  readProbe: { ratePerSecond: 10, timeoutMs: 1000 },
  // Two for each group, of which there may be eight.
  shardProbes: { ratePerSecond: 3, timeoutMs: 1000 },
  background: null,
};

/** Nothing goes unserved, and nothing is lost or doubled. */
export function movesUnnoticed({
  meanwhile,
  source,
}: {
  readonly meanwhile: string;
  readonly source: string;
}): readonly Target[] {
  return [
    ...(["write", "read"] as const).map((kind): Target => ({
      id: `T12-${kind}s`,
      title: `No downtime for ${kind}s, of any shard, while ${meanwhile}`,
      metric: `${kind}-unavailability`,
      statistic: "each",
      bound: { atMost: 0 },
      source,
    })),
    losesNothing("Moving shards loses no acknowledged write"),
    {
      id: "ROWS",
      title: "No row is lost or doubled by moving shards",
      metric: "broken-invariants",
      statistic: "sum",
      bound: { atMost: 0 },
      source: "dpg-bench's own: a shard that is moved holds what it held, and nothing twice",
    },
  ];
}
