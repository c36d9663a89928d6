import path from "node:path";
import * as prettier from "prettier";
import ts from "typescript";
import { z } from "zod";
import { formatVersions } from "../harness/model/format-versions.ts";
import { packageRoot } from "../harness/package-root.ts";
import { measurementsSchema } from "../harness/store/schema/measurements-schema.ts";
import { planSchema } from "../harness/store/schema/plan-schema.ts";
import { verdictSchema } from "../harness/store/schema/verdict-schema.ts";

const PUBLISHED = [
  { name: "plan", schema: planSchema, model: "plan.ts", type: "RunPlan" },
  { name: "measurements", schema: measurementsSchema, model: "measurement.ts", type: "Measurements" },
  { name: "verdict", schema: verdictSchema, model: "verdict.ts", type: "Verdict" },
] as const;

/**
 * The JSON Schemas that are published, by name of file: made from the schemas that recordings are checked with, described
 * by the docstrings of the model's types. Draft 7, because that is what the most editors and validators know. Fields that
 * a schema does not name are allowed: they come without another version.
 */
export async function jsonSchemas(): Promise<ReadonlyMap<string, string>> {
  const files = PUBLISHED.map(({ model }) => path.join(packageRoot(), "harness/model", model));
  const program = ts.createProgram(files, { strict: true, target: ts.ScriptTarget.ES2022, noEmit: true });
  const style = await prettier.resolveConfig(path.join(packageRoot(), "package.json"));
  const schemas = new Map<string, string>();
  for (const [index, { name, schema, type }] of PUBLISHED.entries()) {
    const version = formatVersions[name];
    const { $schema, ...root } = z.toJSONSchema(schema, {
      target: "draft-07",
      io: "input",
      override: ({ jsonSchema }) => withoutBoundsOfSafety(jsonSchema),
    }) as Node;
    describe(root, { program, type: exportedType(program, files[index] ?? "", type), root });
    const { description, ...rest } = root;
    const $id = `urn:dpg-bench:${name}:${version}`;
    const title = `${name}.json of dpg-bench, format version ${version}`;
    const document = { $schema, $id, title, description, ...rest };
    schemas.set(
      `${name}.schema.json`,
      await prettier.format(JSON.stringify(document, wordsFirst), { ...style, parser: "json" }),
    );
  }
  return schemas;
}

/** As much of a JSON Schema as zod makes. */
interface Node {
  readonly type?: string | readonly string[];
  readonly $schema?: string;
  $ref?: string;
  description?: string;
  allOf?: Node[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | false;
  readonly items?: Node | readonly Node[];
  readonly definitions?: Readonly<Record<string, Node>>;
}

interface Described {
  readonly program: ts.Program;
  readonly type: ts.Type;
  readonly root: Node;
}

/** Gives a schema the words of its type, and so on through all of its parts; `own` are those of the field it is of. */
function describe(node: Node, { program, type, root }: Described, own = ""): void {
  const checker = program.getTypeChecker();
  const deeper = (part: Node, partType: ts.Type | undefined, words = ""): void => {
    if (partType !== undefined) describe(part, { program, type: partType, root }, words);
  };
  const description = own || wordsOf(type, checker);

  const definition = root.definitions?.[node.$ref?.replace("#/definitions/", "") ?? ""];
  if (definition !== undefined) {
    if (definition.description === undefined) deeper(definition, type);
    // Draft 7 does not look at what stands beside a reference.
    if (own !== "") {
      node.allOf = [{ $ref: node.$ref ?? "" }];
      delete node.$ref;
      node.description = own;
    }
    return;
  }
  if (description !== "") node.description = description;

  const present = checker.getNonNullableType(type);
  const kinds = present.isUnion() ? present.types : [present];
  for (const part of node.anyOf ?? node.oneOf ?? []) {
    if (part.type === "null") continue;
    deeper(part, part.$ref === undefined ? kinds.find((kind) => fits(part, kind, checker)) : present);
  }
  for (const [name, part] of Object.entries(node.properties ?? {})) {
    const property = checker.getPropertyOfType(present, name);
    if (property === undefined) continue;
    deeper(part, checker.getTypeOfSymbol(property), inOneLine(property.getDocumentationComment(checker)));
  }
  if (typeof node.additionalProperties === "object")
    deeper(node.additionalProperties, checker.getIndexTypeOfType(present, ts.IndexKind.String));
  if (node.items !== undefined && !Array.isArray(node.items))
    deeper(node.items as Node, checker.getIndexTypeOfType(present, ts.IndexKind.Number));
}

/** Has the type the fields of the schema, with the same literals? */
function fits({ properties = {} }: Node, type: ts.Type, checker: ts.TypeChecker): boolean {
  return Object.entries(properties).every(([name, part]) => {
    const property = checker.getPropertyOfType(type, name);
    if (property === undefined) return false;
    const own = checker.getTypeOfSymbol(property);
    return part.const === undefined || (own.isLiteral() && own.value === part.const);
  });
}

/** What stands above a type's declaration. */
function wordsOf(type: ts.Type, checker: ts.TypeChecker): string {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const declaration = symbol?.declarations?.[0];
  if (symbol === undefined || declaration === undefined) return "";
  if (declaration.getSourceFile().isDeclarationFile) return "";
  const union = declaration.parent;
  if (!ts.isUnionTypeNode(union)) return inOneLine(symbol.getDocumentationComment(checker));
  // The comment on a union's member stands before its bar: after the member before it.
  const before = union.types[union.types.findIndex(({ pos }) => pos === declaration.pos) - 1];
  const text = union.getSourceFile().text;
  return (ts.getLeadingCommentRanges(text, before?.end ?? union.pos) ?? [])
    .map(({ pos, end }) => text.slice(pos, end).replaceAll(/^\/\*\*|\*\/$|^\s*\* ?/gm, ""))
    .join(" ")
    .trim();
}

/** That a whole number is one that JavaScript holds exactly goes without saying. */
function withoutBoundsOfSafety(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function wordsFirst(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("description" in value) || "$id" in value)
    return value;
  const { description, ...rest } = value;
  return typeof description === "string" ? { description, ...rest } : value;
}

function inOneLine(parts: readonly ts.SymbolDisplayPart[]): string {
  return ts.displayPartsToString([...parts]).replaceAll(/\s*\n\s*/g, " ");
}

function exportedType(program: ts.Program, file: string, name: string): ts.Type {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbols = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const found = symbols && checker.getExportsOfModule(symbols).find((symbol) => symbol.name === name);
  if (found === undefined) throw new Error(`${file} exports no type ${name}.`);
  return checker.getDeclaredTypeOfSymbol(found);
}
