import { z } from "zod";
import type { Benchmark } from "../model/benchmark.ts";
import type { Exactly } from "../schema/exactly.ts";

const seconds = z.number().min(0);
const rate = z.number().positive();
const positive = z.int().min(1);
const milliseconds = z.int().min(1);
const arrival = z.enum(["constant", "poisson"]);

/** One, or several in order of preference. */
const wantedArrival = z.union([arrival, z.array(arrival).min(1).readonly()], {
  error: '"constant", "poisson", or a list of them in order of preference',
});

const phases = z.strictObject({
  warmupSeconds: seconds,
  steadySeconds: z.number().positive(),
  coolDownSeconds: seconds.default(0),
});

const profile = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("constant"), perSecond: rate }),
    z.strictObject({ kind: z.literal("ramp"), fromPerSecond: rate, toPerSecond: rate }),
    z.strictObject({ kind: z.literal("steps"), perSecond: z.array(rate).min(1).readonly() }),
  ],
  { error: 'a rate of kind "constant", "ramp" or "steps"' },
);

const shape = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("open"), arrival: wantedArrival, rate: profile }),
    z.strictObject({ kind: z.literal("closed"), clients: positive, thinkTimeMs: z.number().min(0) }),
  ],
  { error: 'a shape of kind "open" or "closed"' },
);

/** Agents beyond this many would only measure each other on one machine. */
const MOST_AGENTS = 16;

/** What a scenario says nothing of, it leaves to these. */
const client = z.strictObject({
  engine: z.enum(["native", "pgbench", "k6"]).default("native"),
  agents: positive.max(MOST_AGENTS).default(1),
  sessions: z.enum(["own", "pool", "each-operation"]).default("pool"),
  connections: positive.default(16),
  mix: z.enum(["per-operation", "per-client"]).default("per-operation"),
  timeoutMs: milliseconds.default(2000),
  latencyLimitMs: z.number().positive(),
  samplesKept: z.int().min(0).default(20_000),
});

const search = z.strictObject({
  arrival: arrival.default("poisson"),
  saturationClients: positive,
  steps: positive.max(20),
  phases,
});

const method = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("fixed"),
      stages: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            shape,
            parameters: z.record(z.string(), z.number()).optional(),
          }),
        )
        .min(1)
        .readonly(),
    }),
    z.strictObject({
      kind: z.literal("fractions-of-capacity"),
      search,
      percents: z.array(z.number().min(1).max(100)).min(1).readonly(),
    }),
    z.strictObject({ kind: z.literal("highest-rate"), search }),
  ],
  { error: 'a method of kind "fixed", "fractions-of-capacity" or "highest-rate"' },
);

const sustained = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("share-of-capacity"), percent: z.number().min(1).max(100) }),
    z.strictObject({ kind: z.literal("shape"), name: z.string().min(1), shape }),
  ],
  { error: 'sustained load of kind "share-of-capacity" or "shape"' },
);

/** Shape and ranges of a benchmark. What it asks of workload, engine and topology is checkBenchmark's to say. */
export const benchmarkSchema = z.strictObject({
  workload: z.string(),
  parameters: z
    .record(
      z.string(),
      z.union([z.number(), z.string().min(1)], { error: "a number, or the path of a file" }),
    )
    .default({}),
  client,
  phases,
  method,
  sustained: sustained.nullable().optional(),
  copies: z
    .strictObject({ queries: positive.max(1000) })
    .nullable()
    .optional(),
  k6Script: z.string().min(1).nullable().default(null),
  variants: z
    .array(z.strictObject({ name: z.string().min(1), set: z.array(z.string()).readonly() }))
    .readonly()
    .default([]),
}) satisfies z.ZodType<Benchmark>;

true satisfies Exactly<z.infer<typeof benchmarkSchema>, Benchmark>;
