import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { losesNothing } from "../coordinator-promises.ts";
import { pooledClient } from "../pooled-client.ts";

const source =
  "Architecture Overview, Behaviours: B6, scale out from 4 to 8 workers without downtime; Targets: T12, downtime 0";

/** A rate that two cores carry beside the copying: shares of a capacity that each run finds would compare nothing. */
const shape = { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 320 } } as const;

/** Reads, small aggregates and inserts that all shards have a part in. */
function ofTenants(rowsPerTenant: number, steadySeconds: number): Benchmark {
  return {
    workload: "multi-tenant-mix",
    parameters: { rowsPerTenant },
    // Clients that give up soon and come anew cost a full machine more than those that wait.
    client: pooledClient({ connections: 32, latencyLimitMs: 100, samplesKept: 5000, timeoutMs: 10_000 }),
    phases: { warmupSeconds: 2, steadySeconds, coolDownSeconds: 0 },
    method: { kind: "fixed", stages: [{ name: "undisturbed", shape }] },
    sustained: { kind: "shape", name: "320/s while workers are added", shape },
    k6Script: null,
    variants: [],
  };
}

/** B6 and T12: workers are added, and shards moved to them, under load. */
export const addWorkers = {
  name: "add-workers",
  question: "What do reads and writes feel while worker groups are added and shards are moved to them?",
  why:
    "The Architecture Overview scales from 4 to 8 workers without downtime. Here twice as many worker groups take over their " +
    "share of the shards from those that there were, all at once, as there: 2 become 4 by default, which two cores carry, " +
    "and 4 become 8 with --set workers.groups=4 --set workers.spareGroups=4. The new servers run from the start, and hold " +
    "nothing until they are added: what is measured is what the cluster does, not how long it takes to get a machine. The " +
    "same load is sent without pause before, meanwhile and afterwards, and every shard is probed. Shards are copied while they are written " +
    "to, so expect latency to rise while that lasts, and no operation to go unserved: each switch locks the tables for a " +
    "moment only. Afterwards every acknowledged row is looked for, and the live catalogue asked where the shards are.",
  topology: "production",
  set: [
    "workers.groups=2",
    "workers.spareGroups=2",
    "workers.membersPerGroup=1",
    "postgres.parameters.wal_level=logical",
  ],
  load: {
    writeProbe: { ratePerSecond: 10, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 10, timeoutMs: 1000 },
    shardProbes: { ratePerSecond: 10, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 20 },
  faults: [{ operation: "rebalance", on: "coordinators", injections: 1 }],
  benchmark: ofTenants(2000, 20),
  targets: [
    ...(["write", "read"] as const).map(
      (kind) =>
        ({
          id: `T12-${kind}s`,
          title: `No downtime for ${kind}s, of any shard, while workers are added`,
          metric: `${kind}-unavailability`,
          statistic: "each",
          bound: { atMost: 0 },
          source,
        }) as const,
    ),
    losesNothing("Moving shards loses no acknowledged write"),
    {
      id: "ROWS",
      title: "No row is lost or doubled by moving shards",
      metric: "broken-invariants",
      statistic: "sum",
      bound: { atMost: 0 },
      source: "dpg-bench's own: a shard that is moved holds what it held, and nothing twice",
    },
  ],
  quick: {
    faults: [{ operation: "add-worker", on: "coordinators", injections: 1 }],
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 12 },
    benchmark: ofTenants(1000, 6),
  },
} as const satisfies Scenario;
