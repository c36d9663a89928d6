import { z } from "zod";
import type { CopyReading } from "../../model/copy-answers.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { atLeastZero, count, line, micros, text } from "./values.ts";

/** What a reading and what follows from it have in common. */
export const copyShape = {
  injection: z.int().nullable(),
  group: line,
  member: line,
  role: z.enum(["primary", "standby"]).nullable(),
  path: z.enum(["index", "exact"]),
  plan: z.array(line),
  indexBytes: atLeastZero.nullable(),
  refused: text.nullable(),
};

/** A line of copy-answers.ndjson. */
export const copyReadingSchema = z.object({
  ...copyShape,
  table: line,
  atUs: micros,
  again: z.boolean(),
  rows: count,
  taken: z.boolean(),
  answers: z.array(
    z.object({ part: line, query: count, ids: z.array(z.number()), distances: z.array(z.number()) }),
  ),
  problem: text.nullable(),
});

true satisfies Exactly<z.infer<typeof copyReadingSchema>, CopyReading>;
