import type { z } from "zod";
import type { Problem } from "../model/errors.ts";
import { didYouMean } from "./nearest.ts";

/** Says in plain words what a schema found. `whereOf` names the place of a path, such as `mine.yaml: patroni.ttl`. */
export function schemaProblems(
  error: z.ZodError,
  input: unknown,
  whereOf: (path: string) => string,
): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    const where = whereOf(issue.path.map(String).join("."));
    const found = valueAt(input, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        where: whereOf([...issue.path.map(String), key].join(".")),
        message: "there is no such field.",
        suggestion: didYouMean(key, missingFirst(error, issue.path, input)),
      }));
    }
    const message = `expected ${expectation(issue)}, found ${shown(found)}.`;
    const values = wordsOf(issue, found);
    if (values.length === 0) return [{ where, message }];
    return [{ where, message, suggestion: didYouMean(String(found), values) }];
  });
}

/** The words that a field may have; of a union with words in it, where a word was given. */
function wordsOf(issue: z.core.$ZodIssue, found: unknown): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code !== "invalid_union" || typeof found !== "string") return [];
  return issue.errors
    .flat()
    .filter(({ path }) => path.length === 0)
    .flatMap((each) => wordsOf(each, found));
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return article(issue.expected);
  // A schema's own words, where it has some for a value that is none of those.
  if (issue.code === "invalid_value" && !issue.message.startsWith("Invalid ")) return issue.message;
  if (issue.code === "invalid_value") {
    return issue.values.length > 12 ? "a known name" : `one of ${issue.values.map(String).join(", ")}`;
  }
  if (issue.code === "too_small") {
    if (issue.origin === "string") return "some text";
    return `${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}`;
  }
  if (issue.code === "too_big")
    return `${issue.inclusive === true ? "at most" : "less than"} ${issue.maximum}`;
  return issue.message;
}

/** Fields of the same object that are missing: most often what an unknown field was meant to be. */
function missingFirst(error: z.ZodError, path: readonly PropertyKey[], input: unknown): readonly string[] {
  return error.issues
    .filter((issue) => issue.path.length === path.length + 1)
    .filter((issue) => issue.code === "invalid_type" || valueAt(input, issue.path) === undefined)
    .filter((issue) => path.every((part, index) => issue.path[index] === part))
    .map((issue) => String(issue.path.at(-1)));
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  return `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    input,
  );
}
