import type { z } from "zod";
import { UsageError, type Problem } from "../model/errors.ts";
import { schemaProblems } from "../schema/schema-problems.ts";

/** More would only scroll the first ones away. */
const SHOWN = 20;

const MEND =
  "What was read is not what this dpg-bench would have written: it was changed or damaged since, or another version\n" +
  "wrote it. Take the untouched folder, or the dpg-bench that wrote it (environment.json names its version).";

/** All that is wrong with a recording: counted, and the first of it kept in words. */
export interface Damage {
  add(problem: Problem): void;
  /** The value as its schema has it; null, and added here, where it does not fit. `where` is its file, and line. */
  checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T | null;
  /** Throws a UsageError with everything that was added, if anything was. */
  throwIfAny(): void;
}

export function noDamage(directory: string): Damage {
  const shown: Problem[] = [];
  let count = 0;
  const add = (problem: Problem): void => {
    count += 1;
    if (shown.length < SHOWN) shown.push(problem);
  };
  return {
    add,
    checked(schema, value, where) {
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      if (shown.length === SHOWN) count += result.error.issues.length;
      else
        schemaProblems(result.error, value, (path) => [where, path].filter(Boolean).join(": ")).forEach(add);
      return null;
    },
    throwIfAny() {
      if (count === 0) return;
      const more = count - shown.length;
      const rest = more === 0 ? [] : [{ where: directory, message: `and ${more} more problems like these.` }];
      throw new UsageError([...shown, ...rest], "damaged-recording", MEND);
    },
  };
}
