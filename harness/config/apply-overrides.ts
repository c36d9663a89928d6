import type { Problem } from "../model/errors.ts";
import { didYouMean, plain } from "../schema/nearest.ts";
import { parseLike } from "./parse-like.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What `--set` made of the fields, and what was wrong with it. */
export interface Overridden {
  readonly fields: Fields;
  readonly problems: readonly Problem[];
  /** Path -> the override as it was given, to name it in later problems. */
  readonly givenAt: ReadonlyMap<string, string>;
}

/** Objects whose keys are the user's own: every further part of a path is one key (`postgres.parameters.a.b`). */
const OPEN = new Set(["postgres.parameters", "benchmark.parameters"]);

/**
 * Applies `path=value` overrides, one after the other. A value is read as the type that the field has; a field that
 * does not exist is a problem that names the nearest one. Nothing is changed in place.
 */
export function applyOverrides(fields: Fields, overrides: readonly string[]): Overridden {
  const problems: Problem[] = [];
  const givenAt = new Map<string, string>();
  let result = fields;
  for (const override of overrides) {
    const split = override.indexOf("=");
    if (split < 1) {
      const message = `expected PATH=VALUE, found ${JSON.stringify(override)}.`;
      problems.push({ where: "--set", message, suggestion: "For example: --set patroni.ttl=30" });
      continue;
    }
    const path = override
      .slice(0, split)
      .trim()
      .replace(/^topology\./, "");
    const replaced = replace(result, path, override.slice(split + 1).trim());
    if ("fields" in replaced) {
      result = replaced.fields;
      givenAt.set(path, `--set ${override}`);
    } else problems.push({ where: `--set ${override}`, ...replaced });
  }
  return { fields: result, problems, givenAt };
}

type Replaced = { readonly fields: Fields } | Omit<Problem, "where">;

function replace(root: Fields, path: string, text: string): Replaced {
  const parts = partsOf(path);
  const parents = parts.slice(0, -1);
  const last = parts.at(-1) ?? "";
  let holder: unknown = root;
  for (const [depth, part] of parents.entries()) {
    holder = isHolder(holder) ? (holder as Fields)[part] : undefined;
    if (holder === null) {
      const absent = parents.slice(0, depth + 1).join(".");
      return { message: `this scenario has no ${absent}, so there is nothing to set.` };
    }
  }
  const open = OPEN.has(parents.join("."));
  if (!isHolder(holder) || !(open || Object.hasOwn(holder, last))) {
    return { message: "there is no such field.", suggestion: suggestField(root, path) };
  }
  const current = (holder as Fields)[last];
  if (isFields(current) && text !== "null") {
    const inside = Object.keys(current).map((key) => `${path}.${key}`);
    return { message: "this is a group of fields.", suggestion: `Set one of them: ${inside.join(", ")}.` };
  }
  const parsed = parseLike(open ? undefined : current, text);
  return "message" in parsed ? parsed : { fields: withValue(root, parts, parsed.value) };
}

function partsOf(path: string): readonly string[] {
  for (const open of OPEN) {
    if (path.startsWith(`${open}.`)) return [...open.split("."), path.slice(open.length + 1)];
  }
  return path.split(".");
}

function withValue(fields: Fields, parts: readonly string[], value: unknown): Fields {
  const [first = "", ...rest] = parts;
  const changed = rest.length === 0 ? value : withValue(fields[first] as Fields, rest, value);
  if (Array.isArray(fields)) return fields.with(Number(first), changed) as unknown as Fields;
  return { ...fields, [first]: changed };
}

/** `ttl` alone means `patroni.ttl`: a field of the right name comes before a path that merely looks alike. */
function suggestField(root: Fields, path: string): string {
  const paths = leafPaths(root);
  const name = plain(path.split(".").at(-1) ?? "");
  const sameName = paths.filter((candidate) => plain(candidate.split(".").at(-1) ?? "") === name);
  if (sameName.length > 0)
    return `Did you mean ${sameName.map((candidate) => `"${candidate}"`).join(" or ")}?`;
  const group = path.split(".")[0] ?? "";
  const inGroup = paths.filter((candidate) => candidate.startsWith(`${group}.`));
  return didYouMean(path, inGroup.length > 0 ? inGroup : paths);
}

function leafPaths(fields: Fields, above = ""): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    isFields(value) ? leafPaths(value, `${above}${key}.`) : [`${above}${key}`],
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object, or a list whose items are named by their index (`benchmark.method.stages.0.name`). */
function isHolder(value: unknown): value is Fields | readonly unknown[] {
  return isFields(value) || Array.isArray(value);
}
