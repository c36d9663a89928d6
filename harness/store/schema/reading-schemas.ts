import { z } from "zod";
import type { Environment } from "../../model/environment.ts";
import type { LedgerReading, RecordingEnd } from "../../model/recording.ts";
import type { ResourceReading, StatementReading } from "../../model/resource.ts";
import type { StreamName } from "../../model/sample.ts";
import type { ExactAnswer } from "../../model/search.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { count, line, micros, text } from "./values.ts";

/** A line of resources.ndjson. */
export const resourceSchema = z.discriminatedUnion("kind", [
  z.object({
    atUs: micros,
    kind: z.literal("container"),
    node: line,
    cpuCores: z.number(),
    cpuLimit: z.number(),
    throttledShare: z.number(),
    memoryMb: z.number(),
    memoryLimitMb: z.number(),
    diskReadBytesPerSecond: z.number(),
    diskWriteBytesPerSecond: z.number(),
    networkReceivedBytesPerSecond: z.number(),
    networkSentBytesPerSecond: z.number(),
  }),
  z.object({
    atUs: micros,
    kind: z.literal("machine"),
    cores: z.number(),
    busyCores: z.number(),
    ioWaitCores: z.number(),
    stolenCores: z.number(),
  }),
  z.object({
    atUs: micros,
    kind: z.literal("pooler"),
    pgbouncer: line,
    clientsActive: z.number(),
    clientsWaiting: z.number(),
    serversActive: z.number(),
    serversIdle: z.number(),
    poolSize: z.number(),
    longestWaitMs: z.number(),
    meanWaitMs: z.number(),
  }),
  z.object({
    atUs: micros,
    kind: z.literal("postgres"),
    member: line,
    primary: z.boolean(),
    connections: z.number(),
    maxConnections: z.number(),
    activeByWait: z.record(line, z.number()),
    walBytesPerSecond: z.number(),
    checkpoints: z.number(),
  }),
  z.object({
    atUs: micros,
    kind: z.literal("citus"),
    member: line,
    lockWaits: z.number().nullable(),
    blocked: text.nullable(),
    blocking: text.nullable(),
    perSecond: z
      .object({
        singleShardQueries: z.number(),
        multiShardQueries: z.number(),
        connectionsMade: z.number(),
        connectionsFailed: z.number(),
        connectionsReused: z.number(),
      })
      .nullable(),
  }),
]);

true satisfies Exactly<z.infer<typeof resourceSchema>, ResourceReading>;

const RESOURCE_KINDS: ReadonlySet<unknown> = new Set(
  resourceSchema.options.map(({ shape }) => shape.kind.value),
);

/** A reading of a kind that a later dpg-bench writes says nothing to this one: undefined. */
export function knownResource(value: unknown): unknown {
  const strange =
    typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
  return strange && !RESOURCE_KINDS.has(value.kind) ? undefined : value;
}

/** A line of statements.ndjson. */
export const statementSchema = z.object({
  stage: z.int(),
  member: line,
  query: text,
  calls: z.number(),
  totalMs: z.number(),
  meanMs: z.number(),
  rows: z.number(),
  walBytes: z.number(),
});

true satisfies Exactly<z.infer<typeof statementSchema>, StatementReading>;

/** ledger-*.json. */
export const ledgerSchema = z.object({
  stream: line as z.ZodType<StreamName>,
  table: line,
  injection: z.int().nullable(),
  atUs: micros,
  rows: z.number(),
  present: z.array(z.tuple([z.number(), z.number()])),
});

true satisfies Exactly<z.infer<typeof ledgerSchema>, LedgerReading>;

/** exact-answers.ndjson. */
export const exactAnswerSchema = z.object({
  variant: line,
  operation: line,
  query: count,
  rows: count,
  lastLastingId: z.number(),
  distances: z.array(z.number()),
});

true satisfies Exactly<z.infer<typeof exactAnswerSchema>, ExactAnswer>;

/** environment.json. */
export const environmentSchema = z.object({
  dpgBench: z.object({ version: line }),
  startedAt: line,
  machine: z.object({
    fingerprint: line,
    cpuModel: line,
    cores: z.number(),
    memoryMb: z.number(),
    kernel: line,
    os: line,
    node: line,
  }),
  engine: z.object({ name: line, version: line, storageDriver: line, cgroupVersion: line }).nullable(),
  images: z.array(z.object({ name: line, id: line })),
  components: z.record(line, line),
  dialects: z.object({ sharding: line, vectors: line }),
  clockOffsets: z.array(z.object({ process: line, offsetUs: z.number(), uncertaintyUs: z.number() })),
  observers: z.array(line),
});

true satisfies Exactly<z.infer<typeof environmentSchema>, Environment>;

/** end.json. */
export const endSchema = z.discriminatedUnion(
  "kind",
  [z.object({ kind: z.literal("complete") }), z.object({ kind: z.literal("incomplete"), reason: text })],
  { error: 'an end of kind "complete" or "incomplete"' },
);

true satisfies Exactly<z.infer<typeof endSchema>, RecordingEnd>;
