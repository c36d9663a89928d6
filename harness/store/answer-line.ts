import { z } from "zod";
import type { SearchAnswer } from "../model/search.ts";
import { count, micros } from "./schema/values.ts";

/** A line of a stage's answers: `[query, intendedUs, [id, ...], [distance, ...]]`. */
export function answerLine({ query, intendedUs, ids, distances }: SearchAnswer): string {
  return JSON.stringify([query, intendedUs, ids, distances]);
}

/** The same read back. */
export const answerSchema = z
  .tuple([count, micros, z.array(z.number()), z.array(z.number())])
  .transform(([query, intendedUs, ids, distances]): SearchAnswer => ({ query, intendedUs, ids, distances }));
