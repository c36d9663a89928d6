import { z } from "zod";
import { formatVersions } from "../../model/format-versions.ts";
import { hopNames, type Measurements } from "../../model/measurement.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { copyShape } from "./copy-schema.ts";
import { placedKey } from "./placement-schema.ts";
import { metricSchema, streamNameSchema, victimRoleSchema } from "./plan-schema.ts";
import { codeCountsSchema, invariantsSchema, stageSchema } from "./stage-schema.ts";
import { count, line, micros, text } from "./values.ts";

const figure = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("value"), value: z.number() }),
    z.object({ kind: z.literal("at-least"), value: z.number() }),
    z.object({ kind: z.literal("between"), low: z.number(), high: z.number() }),
    z.object({ kind: z.literal("withheld"), reason: text }),
  ])
  .meta({ id: "Figure" });

const distribution = z
  .object({ n: count, min: figure, median: figure, p95: figure, max: figure })
  .meta({ id: "Distribution" });

const hopName = z.enum(hopNames);

const episode = z.object({ fromUs: micros, toUs: micros.nullable() }).meta({ id: "Episode" });

const injection = z.object({
  injection: z.int(),
  fault: line,
  victim: line,
  nodes: z.array(line).optional(),
  role: victimRoleSchema.nullable(),
  commandFailed: text.nullable(),
  loopPhase: z.number().nullable(),
  faultAtUs: micros,
  windowEndUs: micros,
  writeUnavailabilitySeconds: figure,
  readUnavailabilitySeconds: figure,
  elsewhere: z.object({ writeUnavailabilitySeconds: figure, readUnavailabilitySeconds: figure }).optional(),
  moves: z
    .object({
      shards: figure,
      mebibytes: figure,
      seconds: figure,
      longestLockMs: figure,
      endedAtUs: micros,
      each: z.array(
        z.object({
          name: line,
          shards: count,
          from: line,
          to: line,
          bytes: count,
          endedAtUs: micros,
          tookMs: z.number(),
          lockedMs: z.number().nullable(),
        }),
      ),
    })
    .optional(),
  writeEpisodes: z.array(episode),
  readEpisodes: z.array(episode),
  hops: z.array(z.object({ hop: hopName, atUs: micros.nullable(), tookSeconds: figure, evidence: text })),
  timeToFullRedundancySeconds: figure,
  newPrimary: line.nullable(),
  operationsFailed: count,
  operationsUnknown: count,
  operationsLate: count,
  failovers: z.array(z.object({ group: line, from: line.nullable(), to: line, atUs: micros })).optional(),
  failoverCount: figure.optional(),
  inForceSeconds: figure.optional(),
  lostWrites: figure,
  lostWriteSeconds: figure,
  failedButPresent: figure,
  twoPrimariesMs: figure,
  twoPrimaries: z.array(z.object({ group: line, members: z.array(line), fromUs: micros, toUs: micros })),
});

const faultSummary = z.object({
  fault: line,
  role: victimRoleSchema.nullable(),
  writeUnavailabilitySeconds: distribution,
  readUnavailabilitySeconds: distribution,
  timeToFullRedundancySeconds: distribution,
  hopMedianSeconds: z.object({
    noticed: figure,
    released: figure,
    "lease-gone": figure,
    promoted: figure,
    "coordinator-told": figure,
    "proxy-up": figure,
    pooler: figure,
    "first-success": figure,
  }),
  lostWrites: figure,
});

const outcomes = z.object({ ok: count, failed: count, unknown: count });

const latencyFigures = z.object({ p50: figure, p95: figure, p99: figure });
const withoutLateness = latencyFigures.meta({ id: "LatencyFigures" });
const withMaximum = latencyFigures.extend({ max: figure }).meta({ id: "LatencyFiguresWithMaximum" });

const latency = z.object({
  stream: streamNameSchema,
  part: z.enum(["warmup", "before", "during", "after"]),
  n: count,
  outcomes,
  latencyMs: withMaximum,
  withoutLatenessMs: withoutLateness,
  serviceTimeMs: withMaximum,
});

const ledger = z.object({
  stream: streamNameSchema,
  table: line,
  acknowledged: count,
  acknowledgedMissing: figure,
  missingIds: z.array(z.number()),
  lost: z.object({ fromUs: micros, toUs: micros }).optional(),
  failed: count,
  failedButPresent: figure,
  unknown: count,
  unknownButPresent: figure,
});

export const namedFigureSchema = z
  .object({
    metric: metricSchema,
    of: line,
    fault: line.nullable(),
    kind: line.optional(),
    figure,
    n: count,
    fromUs: micros.optional(),
    because: text.exactOptional(),
    withoutLateness: figure.exactOptional(),
  })
  .meta({ id: "NamedFigure" });

const percentiles = z
  .object({ n: count, mean: figure, p50: figure, p95: figure, p99: figure, p999: figure, max: figure })
  .meta({ id: "Percentiles" });

const stageOperation = z.object({
  operation: line,
  outcomes,
  failed: codeCountsSchema,
  unknown: codeCountsSchema,
  retried: codeCountsSchema,
  neverSent: count,
  late: count,
  stalled: count,
  cutShort: count,
  inTime: count,
  latencyMs: percentiles,
  withoutLatenessMs: withoutLateness,
  serviceTimeMs: percentiles,
  serviceWithoutStallsMs: withoutLateness,
  lagMs: percentiles,
});

const client = z.object({
  agents: count,
  cpuCores: figure,
  busiestAgentCores: figure,
  busiestSenderCores: figure,
  latenessP99Ms: figure,
  memoryMb: figure,
  cpuPerOperationUs: figure,
  clientBound: text.nullable(),
  clientLate: text.nullable(),
  stoodStillSeconds: figure,
  stoodStill: text.nullable(),
  fineUpToPerSecond: figure,
});

const bottlenecks = z.array(z.object({ resource: line, utilisation: z.number(), evidence: text }));

const recall = z.object({
  operation: line,
  answers: count,
  queries: count,
  mean: figure,
  p5: figure,
  minimum: figure,
  shortResults: figure,
});

const stageMeasurement = z.object({
  stage: stageSchema,
  title: line,
  steadySeconds: z.number(),
  offeredPerSecond: figure,
  throughputPerSecond: figure,
  goodputPerSecond: figure,
  withoutStallsPerSecond: z.object({ throughput: figure, goodput: figure }),
  operations: z.array(stageOperation),
  bySecond: z.array(z.object({ ended: count, inTime: count })),
  client,
  connectionsServed: figure,
  connectionsWanted: z.number(),
  recall: recall.optional(),
  bottlenecks: bottlenecks.nullable(),
  problem: text.nullable(),
});

const acknowledgedWrites = z
  .object({ server: line.nullable(), timeline: z.number(), writes: count })
  .meta({ id: "AcknowledgedWrites" });

const groupPrimaries = z.object({
  variant: line,
  group: line,
  watched: z.boolean(),
  stretches: z.array(
    z.object({
      fromUs: micros,
      toUs: micros,
      writable: z.array(line),
      unseen: z.array(line),
      able: z.array(line),
      perhapsAble: z.array(line),
      acknowledged: z.array(acknowledgedWrites).nullable(),
    }),
  ),
});

const disturbance = z.object({
  injection: z.int(),
  fault: line,
  kind: line,
  stage: line,
  before: latencyFigures.extend({ n: count }),
  during: latencyFigures.extend({ n: count, notOk: count }),
  after: latencyFigures.extend({ n: count, notOk: count }).optional(),
  worstP99Ms: figure,
  recoverySeconds: figure,
  withoutLatenessSeconds: figure.optional(),
});

const checkFinding = z
  .object({
    of: text,
    figure,
    n: count,
    evidence: text.exactOptional(),
    ids: z.array(z.number()).exactOptional(),
    moments: z.array(z.object({ fromUs: micros, toUs: micros })).exactOptional(),
    members: z.array(line).exactOptional(),
  })
  .meta({ id: "CheckFinding" });

const checkResult = z.object({
  checker: line,
  looksFor: text,
  metric: metricSchema.nullable(),
  notApplicable: text.nullable(),
  findings: z.array(checkFinding),
});

const placement = z.object({
  variant: line,
  table: line,
  column: line,
  shards: count,
  keys: count,
  more: z.boolean(),
  moduloRight: count,
  groups: z.array(z.object({ group: line, shards: count, keys: count, rows: count })),
  largest: placedKey.nullable(),
  problem: text.nullable(),
});

const copyMeasurement = z.object({
  ...copyShape,
  answers: count,
  rows: count,
  rowsBefore: count,
  fewer: count,
  other: count,
  wrong: figure,
  recall: figure,
  examples: z.array(
    z.object({ part: line, query: count, missing: z.array(z.number()), extra: z.array(z.number()) }),
  ),
});

const roleUse = z.object({
  role: line,
  containers: count,
  cpuCores: z.number(),
  mostCores: z.number(),
  memoryMb: z.number(),
  mostMb: z.number(),
});

const startUp = z.object({
  variant: line,
  topology: line,
  workerGroups: count,
  seconds: z.number(),
  fillingSeconds: z.number(),
  memory: z
    .object({
      totalMb: z.number(),
      roles: z.array(z.object({ role: line, containers: count, totalMb: z.number(), mostMb: z.number() })),
      nodes: z.array(z.object({ node: line, role: line, memoryMb: z.number() })),
    })
    .nullable(),
});

const loading = z.object({
  variant: line,
  loaded: z
    .object({ table: line, rows: count, seconds: z.number(), searchableSeconds: z.number().nullable() })
    .nullable(),
  indexes: z.array(
    z.object({
      table: line,
      index: line,
      group: line,
      seconds: z.number(),
      bytes: z.number(),
      memory: line,
      parallelWorkers: count,
    }),
  ),
});

/** measurements.json. */
export const measurementsSchema = z.object({
  formatVersion: z.literal(formatVersions.measurements),
  injections: z.array(injection),
  stray: z.array(
    z.object({ stream: streamNameSchema, fromUs: micros, seconds: figure, inWarmup: z.boolean() }),
  ),
  faults: z.array(faultSummary),
  latency: z.array(latency),
  ledgers: z.array(ledger),
  disturbances: z.array(disturbance).optional(),
  stretches: z.array(z.object({ of: line, bottlenecks: bottlenecks.nullable() })).optional(),
  scheduleLagMs: z.object({ n: count, p50: figure, p99: figure, max: figure }),
  stages: z.array(stageMeasurement),
  capacities: z.array(z.object({ variant: line, perSecond: figure, how: text })),
  invariants: invariantsSchema,
  placements: z.array(placement).optional(),
  copies: z.array(copyMeasurement).optional(),
  loadings: z.array(loading).optional(),
  containers: z.array(roleUse).optional(),
  startUps: z.array(startUp).optional(),
  primaries: z.array(groupPrimaries),
  secondAcknowledgements: z
    .object({
      told: count,
      untold: count,
      writes: count,
      ids: z.array(z.number()),
      byServer: z.array(acknowledgedWrites),
    })
    .nullable(),
  checks: z.array(checkResult).optional(),
  figures: z.array(namedFigureSchema),
  gaps: z.array(text),
});

true satisfies Exactly<
  z.infer<typeof measurementsSchema>,
  Measurements & { readonly formatVersion: typeof formatVersions.measurements }
>;
