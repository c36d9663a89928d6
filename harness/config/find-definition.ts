import path from "node:path";
import type { Problem } from "../model/errors.ts";
import { didYouMean } from "../schema/nearest.ts";
import { readDefinitionFile } from "./read-definition-file.ts";

/** What a reference stands for, unchecked, or the problem with it. `file` is null for what dpg-bench ships. */
export type FoundDefinition =
  { readonly value: unknown; readonly file: string | null } | { readonly problem: Problem };

/**
 * A name of the catalogue, or a path to a file (with a slash or an extension), relative to `folder`. A file may name
 * with `basedOn` what it changes: a name or a path of the same kind.
 */
export async function findDefinition(
  reference: string,
  search: {
    readonly kind: "scenario" | "topology";
    readonly catalogue: Readonly<Record<string, unknown>>;
    readonly folder: string;
  },
): Promise<FoundDefinition> {
  const { kind, catalogue, folder } = search;
  const where = `${kind} "${reference}"`;
  if (!isPath(reference)) {
    if (Object.hasOwn(catalogue, reference)) return { value: catalogue[reference], file: null };
    const message = `there is no such ${kind}.`;
    return { problem: { where, message, suggestion: didYouMean(reference, Object.keys(catalogue)) } };
  }
  const file = path.resolve(folder, reference);
  const read = await readDefinitionFile(file);
  if ("problem" in read) return { problem: { where, message: read.problem } };
  if (!isFields(read.value)) {
    return { problem: { where, message: `expected a ${kind} with its fields, found something else.` } };
  }
  const { basedOn, ...own } = read.value;
  if (typeof basedOn !== "string") return { value: read.value, file };
  const base = await findDefinition(basedOn, { ...search, folder: path.dirname(file) });
  return "problem" in base ? base : { value: merged(base.value, own), file };
}

function isPath(reference: string): boolean {
  return /[/\\]/.test(reference) || /\.(ts|mts|js|mjs|yaml|yml|json)$/.test(reference);
}

function merged(base: unknown, own: unknown): unknown {
  if (!isFields(base) || !isFields(own)) return own;
  const changed = Object.entries(own).map(([key, value]) => [key, merged(base[key], value)] as const);
  return { ...base, ...Object.fromEntries(changed) };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
