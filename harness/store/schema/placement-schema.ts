import { z } from "zod";
import type { PlacementReading } from "../../model/placement.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { count, line, text } from "./values.ts";

export const placedKey = z.object({ key: z.number(), group: line, rows: count });

/** placement.json. */
export const placementsSchema = z.array(
  z.object({
    variant: line,
    table: line,
    column: line,
    groups: z.array(line),
    shards: z.array(z.object({ shard: line, group: line })),
    keys: z.array(placedKey),
    more: z.boolean(),
    problem: text.nullable(),
  }),
);

true satisfies Exactly<z.infer<typeof placementsSchema>, PlacementReading[]>;
