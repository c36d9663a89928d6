import { z } from "zod";
import { metricNames } from "../model/metric.ts";
import type { Scenario, Step } from "../model/scenario.ts";
import { groupWords } from "../model/victim-selector.ts";
import { benchmarkSchema } from "./benchmark-schema.ts";
import type { Exactly } from "../schema/exactly.ts";
import { victimSchema } from "../schema/victim-schema.ts";

const seconds = z.number().min(0);
const rate = z.number().positive();
const timeoutMs = z.int().min(1);
const probe = z.strictObject({ ratePerSecond: rate, timeoutMs });

const injections = z.int().min(1);

const faultStep = z.strictObject({
  fault: z.string(),
  victim: victimSchema,
  injections,
  holdUntil: z.enum(["circuit-open", "new-primary"]).optional(),
  leastSeconds: z.number().positive().optional(),
  healAfterSeconds: z.number().positive().optional(),
  healBetweenSeconds: z
    .strictObject({ least: z.number().positive(), most: z.number().positive() })
    .refine(({ least, most }) => least < most, "least below most")
    .optional(),
});

const operationStep = z.strictObject({ operation: z.string(), on: z.enum(groupWords), injections });

/** A cluster operation where it says so. Not a union, which would say of a wrong field only that neither fits. */
const step = z.unknown().transform((value, context): Step => {
  const isOperation = typeof value === "object" && value !== null && "operation" in value;
  const { data, error } = (isOperation ? operationStep : faultStep).safeParse(value);
  if (data !== undefined) return data;
  context.issues.push(...(error.issues as z.core.$ZodRawIssue[]));
  return z.NEVER;
});

const faults = z.array(step).readonly();

const phases = z.strictObject({
  warmupSeconds: seconds,
  steadySeconds: seconds,
  recoverySeconds: seconds,
});

const load = z.strictObject({
  writeProbe: probe,
  readProbe: probe,
  shardProbes: probe.nullable().optional(),
  directWriters: probe.nullable().optional(),
  background: z
    .strictObject({
      workload: z.string(),
      ratePerSecond: rate,
      arrival: z.enum(["constant", "poisson"]),
      timeoutMs,
      connections: z.int().min(1),
    })
    .nullable(),
});

const target = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  metric: z.enum(metricNames),
  of: z.string().min(1).optional(),
  statistic: z.enum(["each", "median", "p95", "p99", "sum"]),
  bound: z.union(
    [
      z.strictObject({ below: z.number() }),
      z.strictObject({ atMost: z.number() }),
      z.strictObject({ atLeast: z.number() }),
    ],
    { error: "one of { below: number }, { atMost: number }, { atLeast: number }" },
  ),
  source: z.string().min(1),
});

/** Shape and ranges of a scenario. What it asks of its topology is checkScenario's to say. */
export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens"),
  question: z.string().min(1),
  why: z.string().min(1),
  topology: z.string().min(1),
  against: z.array(z.string().min(1)).readonly().optional(),
  set: z.array(z.string()).readonly().optional(),
  load: load.nullable().default(null),
  phases,
  faults,
  benchmark: benchmarkSchema.nullable().default(null),
  targets: z.array(target).readonly(),
  quick: z.strictObject({ faults, phases, benchmark: benchmarkSchema.nullable().default(null) }).nullable(),
}) satisfies z.ZodType<Scenario>;

true satisfies Exactly<z.infer<typeof scenarioSchema>, Scenario>;
