import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** A scenario or topology as a file holds it (not checked yet), or why it could not be read. */
export type ReadDefinition = { readonly value: unknown } | { readonly problem: string };

const SCRIPTS = new Set([".ts", ".mts", ".js", ".mjs"]);
const DOCUMENTS = new Set([".yaml", ".yml", ".json"]);

/** Reads a user's own file: YAML, JSON, or a TypeScript or JavaScript module (its default export, or its only one). */
export async function readDefinitionFile(file: string): Promise<ReadDefinition> {
  const extension = path.extname(file);
  if (!existsSync(file)) return { problem: "there is no such file." };
  if (!SCRIPTS.has(extension) && !DOCUMENTS.has(extension)) {
    return { problem: `expected a .ts, .mts, .js, .mjs, .yaml, .yml or .json file, found "${extension}".` };
  }
  try {
    return SCRIPTS.has(extension) ? await readModule(file) : await readDocument(file);
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { problem: `could not be read: ${line}` };
  }
}

async function readDocument(file: string): Promise<ReadDefinition> {
  const { parse } = await import("yaml");
  return { value: parse(await readFile(file, "utf8")) };
}

async function readModule(file: string): Promise<ReadDefinition> {
  const { createJiti } = await import("jiti");
  const exported = await createJiti(import.meta.url, { interopDefault: false }).import<{
    readonly default?: unknown;
  }>(path.resolve(file));
  if (exported.default !== undefined) return { value: exported.default };
  const values = Object.values<unknown>(exported).filter(
    (value) => typeof value === "object" && value !== null,
  );
  if (values.length === 1) return { value: values[0] };
  return {
    problem: `expected a default export or a single exported object, found ${values.length} objects.`,
  };
}
