import { z } from "zod";
import type { InvariantReading } from "../../model/stage.ts";
import type { Exactly } from "../../schema/exactly.ts";
import type { StageLine } from "../stage-files.ts";
import { shapeSchema, stagePhasesSchema } from "./plan-schema.ts";
import { count, line, micros, text } from "./values.ts";

export const codeCountsSchema = z.record(line, z.number());

/** The start of HdrHistogram's V2 encoding and of its compressed form, base64; what follows is looked at when it is decoded. */
const histogram = z
  .string()
  .max(1 << 20)
  .regex(/^HISTF[A-Za-z0-9+/]+={0,2}$/, "a histogram in HdrHistogram's compressed encoding, base64")
  .nullable();

const operationSecond = z.object({
  operation: line,
  latency: histogram,
  serviceTime: histogram,
  noticed: histogram.exactOptional(),
  lag: histogram,
  ok: z.number(),
  inTime: z.number(),
  failed: codeCountsSchema,
  unknown: codeCountsSchema,
  retried: codeCountsSchema,
  neverSent: z.number(),
  late: z.number(),
  stalled: z.number().exactOptional(),
  cutShort: z.number().exactOptional(),
});

const clientSecond = z.object({
  agent: z.int(),
  cpuCores: z.number(),
  senderCores: z.number().exactOptional(),
  latenessP50Us: z.number(),
  latenessP99Us: z.number(),
  latenessMaxUs: z.number(),
  stoodStillUs: z.number().exactOptional(),
  eventLoopP99Us: z.number().nullable(),
  memoryMb: z.number(),
  connectionsOpen: z.number(),
  served: z.number(),
});

export const stageSchema = z.object({
  stage: count,
  variant: line,
  name: line,
  purpose: z.enum(["saturation", "search", "confirmation", "fraction", "fixed", "sustained"]),
  shape: shapeSchema,
  phases: stagePhasesSchema,
  parameters: z.record(line, z.number()).optional(),
});

/** Lines of a stage's file, by the one field that each has. */
export const stageLineSchemas = {
  begun: z.object({
    begun: z.object({
      stage: stageSchema,
      engine: z.object({
        version: line,
        timer: line,
        timerResolutionNs: z.number(),
        ownCostUs: z.number().nullable(),
      }),
      startedUs: micros,
    }),
  }),
  second: z.object({
    second: z.object({
      stage: count,
      phase: z.enum(["warmup", "steady", "cool-down"]),
      fromUs: micros,
      toUs: micros,
      operations: z.array(operationSecond),
      client: clientSecond,
    }),
  }),
  ended: z.object({
    ended: z.discriminatedUnion(
      "kind",
      [
        z.object({ kind: z.literal("complete"), atUs: micros }),
        z.object({ kind: z.literal("failed"), code: line, reason: text, atUs: micros }),
      ],
      { error: 'an end of kind "complete" or "failed"' },
    ),
  }),
};

true satisfies Exactly<
  {
    [Kind in keyof typeof stageLineSchemas]: z.infer<(typeof stageLineSchemas)[Kind]>;
  }[keyof typeof stageLineSchemas],
  StageLine
>;

/** invariants.json. */
export const invariantsSchema = z.array(
  z.object({
    variant: line,
    workload: line,
    title: line,
    found: z.number().nullable(),
    atLeast: z.number(),
    atMost: z.number(),
    problem: text.nullable(),
    evidence: text.optional(),
    missingIds: z.array(z.number()).optional(),
  }),
);

true satisfies Exactly<z.infer<typeof invariantsSchema>, InvariantReading[]>;
