import { z } from "zod";
import { formatVersions } from "../../model/format-versions.ts";
import type { Verdict } from "../../model/verdict.ts";
import type { Exactly } from "../../schema/exactly.ts";
import { namedFigureSchema } from "./measurements-schema.ts";
import { targetSchema } from "./plan-schema.ts";
import { text } from "./values.ts";

const outcome = z.enum(["pass", "fail", "unknown"]);

/** verdict.json. */
export const verdictSchema = z.object({
  formatVersion: z.literal(formatVersions.verdict),
  outcome,
  sentence: text,
  targets: z.array(
    z.object({
      target: targetSchema,
      outcome,
      sentence: text,
      evidence: z.array(namedFigureSchema),
      foreseen: text.nullable(),
    }),
  ),
});

true satisfies Exactly<
  z.infer<typeof verdictSchema>,
  Verdict & { readonly formatVersion: typeof formatVersions.verdict }
>;
