import { z } from "zod";
import {
  noGuard,
  pgAutoFailoverDefaults,
  shardingDialects,
  type Topology,
  vectorDialects,
} from "../model/topology.ts";
import type { Exactly } from "../schema/exactly.ts";

const count = z.int().min(0);
const positive = z.int().min(1);
const port = z.int().min(1).max(65_535);
const seconds = z.number().min(0);
const synchronousMode = z.enum(["off", "on", "quorum"]);
/** Becomes part of container names and labels. */
const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens");
/** Becomes part of connection strings and SQL without quotes. */
const databaseName = z.string().regex(/^[a-z_][a-z0-9_]*$/, "lower-case letters, digits and underscores");
const limit = z.strictObject({ cpus: z.number().min(0), memoryMb: count });

/** Shape and ranges of a topology. What fields mean together is checkTopology's to say. */
export const topologySchema = z.strictObject({
  name: identifier,
  summary: z.string(),
  etcd: z.strictObject({ members: count, heartbeatIntervalMs: positive, electionTimeoutMs: positive }),
  coordinators: z.strictObject({ members: positive.max(26), synchronousMode }),
  workers: z.strictObject({
    groups: count,
    membersPerGroup: positive.max(26),
    shards: positive,
    synchronousMode,
    spareGroups: count.default(0),
    readFromStandbys: z.boolean().default(false),
  }),
  patroni: z.strictObject({
    ttl: positive,
    loopWait: positive,
    retryTimeout: positive,
    primaryStartTimeout: count,
    maximumLagOnFailover: count,
    failsafeMode: z.boolean(),
    usePgRewind: z.boolean(),
    useSlots: z.boolean(),
    restPort: port,
  }),
  pgAutoFailover: z
    .strictObject({
      enabled: z.boolean(),
      healthCheckPeriodMs: positive,
      healthCheckTimeoutMs: positive,
      healthCheckMaxRetries: positive,
      healthCheckRetryDelayMs: positive,
      nodeConsideredUnhealthyTimeoutMs: positive,
      primaryDemoteTimeoutMs: positive,
      startupGracePeriodMs: positive,
      networkPartitionTimeoutSeconds: positive,
      postgresqlRestartFailureMaxRetries: positive,
      postgresqlRestartFailureTimeoutSeconds: positive,
      checkPort: port,
    })
    .default(pgAutoFailoverDefaults),
  // Left out in a topology of one's own: no guard.
  guard: z
    .strictObject({
      enabled: z.boolean(),
      goneAfterMs: z.int().min(1000),
      askEveryMs: z.int().min(100),
      notTwiceWithinSeconds: z.int().min(5),
      skipOldLeader: z.boolean(),
      dryRun: z.boolean(),
    })
    .default(noGuard),
  postgres: z.strictObject({
    port,
    database: databaseName,
    maxConnections: positive,
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  pgbouncer: z.strictObject({
    enabled: z.boolean(),
    port,
    poolMode: z.enum(["session", "transaction", "statement"]),
    poolSize: positive,
    maxClientConnections: positive,
    serverLoginRetry: seconds,
    serverConnectTimeout: seconds,
    queryWaitTimeout: seconds,
  }),
  haproxy: z.strictObject({
    enabled: z.boolean(),
    readWritePort: port,
    readOnlyPort: port,
    interMs: positive,
    fastinterMs: positive,
    downinterMs: positive,
    fall: positive,
    rise: positive,
    shutdownSessionsWhenDown: z.boolean(),
    maxConnections: positive,
  }),
  sharding: z.enum(shardingDialects),
  vectors: z.enum(vectorDialects),
  resources: z.strictObject({ coordinator: limit, worker: limit }),
}) satisfies z.ZodType<Topology>;

true satisfies Exactly<z.infer<typeof topologySchema>, Topology>;
