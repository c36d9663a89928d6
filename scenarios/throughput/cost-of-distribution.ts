import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";
import { noPhases, quickBenchmark, withShorterSearch } from "../quick-benchmark.ts";

/** The first is what the others are ratios of. */
const variants = [
  {
    name: "one PostgreSQL",
    set: [
      "etcd.members=0",
      "coordinators.members=1",
      "coordinators.synchronousMode=off",
      "workers.groups=0",
      "workers.shards=1",
      "pgbouncer.enabled=false",
      "haproxy.enabled=false",
      "sharding=none",
    ],
  },
  { name: "not distributed", set: ["workers.groups=0", "workers.shards=1", "sharding=none"] },
  { name: "fdw", set: [] },
] as const;
const withCitus = [...variants, { name: "citus", set: ["sharding=citus"] }] as const;

const benchmark = {
  workload: "tenant-orders",
  parameters: {},
  // On two cores an operation spread over workers takes tens of milliseconds once a few clients ask: at 50 ms no rate was kept up.
  client: pooledClient({ connections: 32, latencyLimitMs: 200 }),
  phases: { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 },
  method: {
    kind: "highest-rate",
    search: {
      arrival: "poisson",
      saturationClients: 32,
      steps: 5,
      // A few hundred in a second may be all that is left, and a p99 needs a thousand.
      phases: { warmupSeconds: 1, steadySeconds: 8, coolDownSeconds: 0 },
    },
  },
  k6Script: null,
  variants,
} as const satisfies Benchmark;

/** What proxies and replicas cost, and what spreading the tables over workers costs on top. */
export const costOfDistribution = {
  name: "cost-of-distribution",
  question:
    "What share of one PostgreSQL's throughput is left behind proxies and replicas, and with tables spread over workers?",
  why:
    "A distributed cluster is chosen for what one node cannot hold or serve; what it costs is seldom said. The same " +
    "inserts, reads and updates of a multi-tenant shop, each within one tenant, are sent to one PostgreSQL, to the " +
    "coordinators with all that stands in front of them, and to the same with worker groups. The highest rate that keeps " +
    "the p99 within 200 ms is looked for on each, and stands as a ratio to the first, as does what 32 clients reach that never wait. All share this machine's cores: on " +
    "many machines the workers would have cores of their own, and the ratio would be another.",
  topology: "production",
  load: null,
  phases: noPhases,
  faults: [],
  benchmark,
  targets: variants.map(servedAt),
  quick: quickBenchmark(shorter(benchmark)),
} as const satisfies Scenario;

/** The same with Citus beside postgres_fdw. A scenario of its own, since it takes a base image that has Citus. */
export const costOfDistributionCitus = {
  ...costOfDistribution,
  name: "cost-of-distribution-citus",
  question:
    "What share of one PostgreSQL's throughput is left with tables spread over workers by postgres_fdw, and by Citus?",
  benchmark: { ...benchmark, variants: withCitus },
  targets: withCitus.map(servedAt),
  quick: quickBenchmark(shorter({ ...benchmark, variants: withCitus })),
} as const satisfies Scenario;

function servedAt({ name }: { readonly name: string }): Scenario["targets"][number] {
  return {
    id: `SERVED-${name.replaceAll(" ", "-")}`,
    title: `No operation fails at the rate that was found: ${name}`,
    metric: "operations-failed",
    of: `${name}: confirmation`,
    statistic: "each",
    bound: { atMost: 0 },
    source: "dpg-bench's own: a ratio of rates at which operations fail compares nothing",
  };
}

function shorter(full: Parameters<typeof withShorterSearch>[0]): Benchmark {
  return withShorterSearch(full, {
    phases: { warmupSeconds: 0.5, steadySeconds: 5, coolDownSeconds: 0 },
    steps: 3,
    stepPhases: { warmupSeconds: 1, steadySeconds: 6, coolDownSeconds: 0 },
  });
}
