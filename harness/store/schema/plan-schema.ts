import { z } from "zod";
import { failureClasses, victimRoles } from "../../model/advice.ts";
import type { PlannedBenchmark } from "../../model/benchmark.ts";
import { formatVersions } from "../../model/format-versions.ts";
import { metricNames, metrics } from "../../model/metric.ts";
import type { RunPlan } from "../../model/plan.ts";
import type { StreamName } from "../../model/sample.ts";
import {
  noGuard,
  pgAutoFailoverDefaults,
  shardingDialects,
  type Topology,
  vectorDialects,
} from "../../model/topology.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { victimSchema } from "../../schema/victim-schema.ts";
import { atLeastZero, count, line, share, text } from "./values.ts";

/** More would be no cluster that anybody ran, and takes a report that lays it out a while. */
const nodes = count.max(1000);
const synchronousMode = z.enum(["off", "on", "quorum"]);
const limit = z.object({ cpus: atLeastZero, memoryMb: atLeastZero });
const arrival = z.enum(["constant", "poisson"]);
const rate = atLeastZero;
const probe = z.object({ ratePerSecond: rate, timeoutMs: atLeastZero });
const failureClass = z.enum(failureClasses);

/** Ranges are the plan's own business: this dpg-bench made the plan, or another, or somebody's editor. */
const topologySchema = z.object({
  name: line,
  summary: text,
  etcd: z.object({ members: nodes, heartbeatIntervalMs: z.number(), electionTimeoutMs: z.number() }),
  coordinators: z.object({ members: nodes, synchronousMode }),
  workers: z.object({
    groups: nodes,
    membersPerGroup: count.max(26),
    // Older recordings do not say.
    shards: z.number().default(0),
    synchronousMode,
    spareGroups: nodes.default(0),
    readFromStandbys: z.boolean().default(false),
  }),
  patroni: z.object({
    ttl: z.number(),
    loopWait: z.number(),
    retryTimeout: z.number(),
    primaryStartTimeout: z.number(),
    maximumLagOnFailover: z.number(),
    failsafeMode: z.boolean(),
    usePgRewind: z.boolean(),
    useSlots: z.boolean(),
    restPort: z.number(),
  }),
  // Older recordings know nothing of it.
  pgAutoFailover: z
    .object({
      enabled: z.boolean(),
      healthCheckPeriodMs: z.number(),
      healthCheckTimeoutMs: z.number(),
      healthCheckMaxRetries: z.number(),
      healthCheckRetryDelayMs: z.number(),
      nodeConsideredUnhealthyTimeoutMs: z.number(),
      primaryDemoteTimeoutMs: z.number(),
      startupGracePeriodMs: z.number(),
      networkPartitionTimeoutSeconds: z.number(),
      postgresqlRestartFailureMaxRetries: z.number(),
      postgresqlRestartFailureTimeoutSeconds: z.number(),
      checkPort: z.number(),
    })
    .default(pgAutoFailoverDefaults),
  // Older recordings are of clusters without one.
  guard: z
    .object({
      enabled: z.boolean(),
      goneAfterMs: z.number(),
      askEveryMs: z.number(),
      notTwiceWithinSeconds: z.number(),
      skipOldLeader: z.boolean(),
      dryRun: z.boolean(),
    })
    .default(noGuard),
  postgres: z.object({
    port: z.number(),
    database: line,
    maxConnections: z.number(),
    parameters: z.record(line, z.union([line, z.number(), z.boolean()])),
  }),
  pgbouncer: z.object({
    enabled: z.boolean(),
    port: z.number(),
    poolMode: z.enum(["session", "transaction", "statement"]),
    poolSize: z.number(),
    maxClientConnections: z.number(),
    serverLoginRetry: z.number(),
    serverConnectTimeout: z.number(),
    queryWaitTimeout: z.number(),
  }),
  haproxy: z.object({
    enabled: z.boolean(),
    readWritePort: z.number(),
    readOnlyPort: z.number(),
    interMs: z.number(),
    fastinterMs: z.number(),
    downinterMs: z.number(),
    fall: z.number(),
    rise: z.number(),
    shutdownSessionsWhenDown: z.boolean(),
    maxConnections: z.number(),
  }),
  sharding: z.enum(shardingDialects),
  vectors: z.enum(vectorDialects),
  resources: z.object({ coordinator: limit, worker: limit }),
});

topologySchema.register(z.globalRegistry, { id: "Topology" });

true satisfies Exactly<z.infer<typeof topologySchema>, Topology>;

const profile = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.literal("constant"), perSecond: rate }),
    z.object({ kind: z.literal("ramp"), fromPerSecond: rate, toPerSecond: rate }),
    z.object({ kind: z.literal("steps"), perSecond: z.array(rate) }),
  ],
  { error: 'a rate of kind "constant", "ramp" or "steps"' },
);

export const shapeSchema = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.literal("open"), arrival, rate: profile }),
    z.object({ kind: z.literal("closed"), clients: z.number(), thinkTimeMs: z.number() }),
  ],
  { error: 'a shape of kind "open" or "closed"' },
);

export const stagePhasesSchema = z.object({
  warmupSeconds: atLeastZero,
  steadySeconds: atLeastZero,
  coolDownSeconds: atLeastZero,
});

const search = z.object({
  arrival,
  saturationClients: z.number(),
  steps: z.number(),
  phases: stagePhasesSchema,
});

const sustained = z.discriminatedUnion(
  "kind",
  [
    z.object({ kind: z.literal("share-of-capacity"), percent: z.number() }),
    z.object({ kind: z.literal("shape"), name: line, shape: shapeSchema }),
  ],
  { error: 'sustained load of kind "share-of-capacity" or "shape"' },
);

const vectorFile = z.object({
  path: line,
  format: z.enum(["fbin", "u8bin", "bin", "hdf5"]),
  rows: count,
  columns: count,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "a SHA-256 in hexadecimal digits" }),
});

const vectorFiles = z.object({
  base: vectorFile,
  queries: vectorFile,
  groundTruth: vectorFile.nullable(),
  scannedBecause: line.nullable(),
  distance: line.nullable(),
});

const benchmarkSchema = z.object({
  workload: line,
  parameters: z.record(line, z.number()),
  files: vectorFiles.optional(),
  client: z.object({
    engine: z.enum(["native", "pgbench", "k6"]),
    agents: z.number(),
    sessions: z.enum(["own", "pool", "each-operation"]),
    connections: z.number(),
    mix: z.enum(["per-operation", "per-client"]),
    timeoutMs: z.number(),
    latencyLimitMs: z.number(),
    samplesKept: z.number(),
  }),
  phases: stagePhasesSchema,
  method: z.discriminatedUnion(
    "kind",
    [
      z.object({
        kind: z.literal("fixed"),
        stages: z.array(
          z.object({ name: line, shape: shapeSchema, parameters: z.record(line, z.number()).optional() }),
        ),
      }),
      z.object({ kind: z.literal("fractions-of-capacity"), search, percents: z.array(z.number()) }),
      z.object({ kind: z.literal("highest-rate"), search }),
    ],
    { error: 'a method of kind "fixed", "fractions-of-capacity" or "highest-rate"' },
  ),
  sustained: sustained.nullable().optional(),
  copies: z.object({ queries: count }).nullable().optional(),
  arrivalsOfEngine: z.array(z.object({ of: line, preferred: arrival })).exactOptional(),
  k6Script: text.nullable(),
  dataBytes: z.number(),
  variants: z.array(z.object({ name: line, topology: topologySchema })).min(1),
});

true satisfies Exactly<z.infer<typeof benchmarkSchema>, PlannedBenchmark>;

/** Part of the name of a file. */
export const streamNameSchema = z
  .string()
  .regex(/^((worker-\d+-)?(write|read)-probe|(mix|direct)-[\w.-]+)$/, {
    error:
      "write-probe, read-probe, either of a worker group (worker-1-write-probe), direct-MEMBER, or mix-NAME",
  }) as unknown as z.ZodType<StreamName, StreamName>;

export const metricSchema = z.enum(metricNames).meta({
  id: "MetricName",
  description: `Each with its unit: ${metricNames.map((name) => `${name} (${metrics[name].unit})`).join(", ")}.`,
});

export const targetSchema = z.object({
  id: line,
  title: line,
  metric: metricSchema,
  of: line.optional(),
  statistic: z.enum(["each", "median", "p95", "p99", "sum"]),
  bound: z.union(
    [z.object({ below: z.number() }), z.object({ atMost: z.number() }), z.object({ atLeast: z.number() })],
    { error: "one of { below: number }, { atMost: number }, { atLeast: number }" },
  ),
  source: line,
});

export const victimRoleSchema = z.enum(victimRoles);

const adviceSchema = z.object({
  timing: z
    .object({
      ttl: z.number(),
      loopWait: z.number(),
      retryTimeout: z.number(),
      adjusted: z.array(line),
    })
    .nullable(),
  bands: z.array(
    z.object({
      metric: z.enum(["write-unavailability", "read-unavailability", "circuit-open"]).exactOptional(),
      fault: line,
      failureClass,
      roles: z.array(victimRoleSchema).exactOptional(),
      lowSeconds: z.number(),
      highSeconds: z.number(),
      terms: z.array(
        z.object({ name: line, lowSeconds: z.number(), highSeconds: z.number(), because: text }),
      ),
    }),
  ),
  findings: z.array(
    z.object({
      id: line,
      severity: z.enum(["impossible", "risk", "note"]),
      title: line,
      claim: text,
      truth: text,
      mend: text,
      source: text,
    }),
  ),
});

/** plan.json. */
export const planSchema = z.object({
  formatVersion: z.literal(formatVersions.plan),
  scenario: z.object({
    name: line,
    question: line,
    why: text,
    quick: z.boolean(),
    against: z.array(line).optional(),
    set: z.array(line).optional(),
  }),
  seed: z.number(),
  topology: topologySchema,
  overrides: z.array(line),
  load: z
    .object({
      writeProbe: probe,
      readProbe: probe,
      shardProbes: probe.nullable().optional(),
      directWriters: probe.nullable().optional(),
      background: z
        .object({
          workload: line,
          ratePerSecond: rate,
          arrival,
          timeoutMs: atLeastZero,
          connections: z.number(),
        })
        .nullable(),
    })
    .nullable(),
  streams: z.array(
    z.object({
      name: streamNameSchema,
      kind: z.enum(["read", "write"]),
      ledgerTable: line.nullable(),
      ratePerSecond: rate,
      timeoutMs: atLeastZero,
      group: line.optional(),
      member: line.optional(),
    }),
  ),
  phases: z.object({
    warmupSeconds: atLeastZero,
    steadySeconds: atLeastZero,
    recoverySeconds: atLeastZero,
  }),
  injections: z.array(
    z.object({
      injection: z.int(),
      kind: z.enum(["fault", "operation"]).exactOptional(),
      fault: line,
      failureClass,
      victim: victimSchema,
      holdUntil: z.enum(["circuit-open", "new-primary"]).optional(),
      leastSeconds: z.number().optional(),
      healAfterSeconds: z.number().optional(),
      loopPhase: share,
      choice: share,
    }),
  ),
  // There were none when the first recordings were made.
  benchmark: benchmarkSchema.nullable().default(null),
  targets: z.array(targetSchema),
  advice: adviceSchema,
  budgets: z.object({
    readyMs: z.number(),
    redundancyMs: z.number(),
    recoveryMs: z.number(),
    observedMs: z.number(),
    // Faults were not held when older recordings were made.
    holdMs: z.number().default(0),
    commandMs: z.number(),
  }),
});

/**
 * A plan of format 1, in which `observedMs` is called `feltMs`, or of format 2, in which a benchmark's client has a field
 * `pacing`, as one of today's. That field is left alone like any that is not known.
 */
export function inFormatOfToday(plan: object): object {
  const today = { ...plan, formatVersion: formatVersions.plan };
  if (!("formatVersion" in plan) || plan.formatVersion !== 1) return today;
  const budgets = "budgets" in plan && typeof plan.budgets === "object" ? plan.budgets : null;
  const { feltMs, ...others } = { feltMs: undefined, ...budgets };
  return budgets === null ? today : { ...today, budgets: { observedMs: feltMs, ...others } };
}

true satisfies Exactly<z.infer<typeof planSchema>, RunPlan>;
