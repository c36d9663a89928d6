import type { Problem } from "../model/errors.ts";
import { isPrintable } from "../support/printable.ts";

/** Texts and names with control characters, by their path: they would end on terminals, on pages and in configuration files. */
export function unprintable(value: unknown, path = ""): readonly Problem[] {
  if (typeof value === "string") return isPrintable(value) ? [] : [problem(path, value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const where = path === "" ? key : `${path}.${key}`;
    return [...(isPrintable(key) ? [] : [problem(where, key)]), ...unprintable(inner, where)];
  });
}

function problem(where: string, found: string): Problem {
  return { where, message: `expected text without control characters, found ${JSON.stringify(found)}.` };
}
