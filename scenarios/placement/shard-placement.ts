import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark } from "../quick-benchmark.ts";

/** Many tenants of one row each, and a little load that must find them: where they are is what is asked. */
const benchmark: Benchmark = {
  workload: "tenant-point-select",
  parameters: { tenants: 10_000, rowsPerTenant: 1 },
  client: pooledClient({ connections: 8, latencyLimitMs: 20, samplesKept: 1000 }),
  phases: { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [
      {
        name: "200/s",
        shape: {
          kind: "open",
          arrival: ["poisson", "constant"],
          rate: { kind: "constant", perSecond: 200 },
        },
      },
    ],
  },
  k6Script: null,
  variants: [],
};

/** D3: whether the tenant's number modulo the number of workers says where the tenant lives. */
export const shardPlacement = {
  name: "shard-placement",
  question: "For how many tenants does tenant_id % 4 name the worker that they live on?",
  why:
    "The Architecture Overview says that tenant_id % 4 decides the worker. Its software hashes the column, and shards are " +
    "ranges or remainders of that hash. So 10,000 tenants are filled in, the live catalogue is asked where each of them " +
    "lives, and that is compared with the remainder. Expect it to fail: modulo is right about one time in as many as " +
    "there are groups, which is chance. Whoever places data by modulo sends three queries of four to the wrong worker.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: [
    {
      id: "D3",
      title: "tenant_id % 4 decides the worker, for every tenant",
      metric: "modulo-placement",
      statistic: "each",
      bound: { atLeast: 1 },
      source: "Architecture Overview, Behaviours: B4, create_distributed_table; placement by tenant_id % 4",
    },
  ],
  quick: quickBenchmark({
    ...benchmark,
    parameters: { tenants: 2000, rowsPerTenant: 1 },
    phases: { warmupSeconds: 0.5, steadySeconds: 3, coolDownSeconds: 0 },
  }),
} as const satisfies Scenario;
