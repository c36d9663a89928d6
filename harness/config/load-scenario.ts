import { readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import type { PlannedVariant, VectorFiles } from "../model/benchmark.ts";
import { type Problem, UsageError } from "../model/errors.ts";
import type { BudgetSettings } from "../model/plan.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Topology } from "../model/topology.ts";
import type { WorkloadDefinition } from "../model/workload.ts";
import { applyOverrides, type Overridden } from "./apply-overrides.ts";
import { budgetSchema, noBudgetSet } from "./budget-schema.ts";
import type { Catalogues } from "./catalogues.ts";
import { checkBenchmark } from "./check-benchmark.ts";
import { checkScenario } from "./check-scenario.ts";
import { checkTopology } from "./check-topology.ts";
import { findDefinition } from "./find-definition.ts";
import { resolveVariants } from "./resolve-variants.ts";
import { resolveVectorFiles } from "./resolve-vector-files.ts";
import { scenarioSchema } from "./scenario-schema.ts";
import { schemaProblems } from "../schema/schema-problems.ts";
import { topologySchema } from "./topology-schema.ts";
import { isPrintable } from "../support/printable.ts";

/** How a scenario is asked for on the command line. */
export interface ScenarioRequest {
  /** Runs it on another topology than its own: a name or a path. */
  readonly topology?: string | undefined;
  /** One of those that it is compared on; named as the scenario names its own. */
  readonly against?: string | undefined;
  /** `path=value` overrides: paths of the topology, `load.*`, `phases.*`, `benchmark.*` of the scenario, `budgets.*`. */
  readonly set: readonly string[];
  readonly quick: boolean;
  /** Fields of a benchmark's client that have an option of their own. */
  readonly client?:
    { readonly engine?: string | undefined; readonly agents?: string | undefined } | undefined;
}

/** A scenario in the form it will run in, checked, and what it names. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Of a benchmark with variants: the first one's. */
  readonly topology: Topology;
  readonly budgets: BudgetSettings;
  /** What a benchmark's names stand for; null for a run of faults. */
  readonly parts: {
    readonly workload: WorkloadDefinition;
    /** In numbers, also what its files hold. */
    readonly parameters: Readonly<Record<string, number>>;
    readonly files: VectorFiles | null;
    readonly variants: readonly PlannedVariant[];
    readonly k6Script: string | null;
  } | null;
}

/**
 * Finds a scenario and its topology by name or path, applies the overrides (and the quick form), and checks everything.
 * Throws one UsageError with all problems of the input. The scenario that comes back is in the form it will run in.
 */
export async function loadScenario(
  reference: string,
  request: ScenarioRequest,
  catalogues: Catalogues,
): Promise<LoadedScenario> {
  const problems: Problem[] = [];
  const found = await find(reference, "scenario", catalogues.scenarios, process.cwd(), problems);
  const asWritten = found && parsed(scenarioSchema, found, problems);
  const base = asWritten && quickForm(asWritten, request.quick, problems);
  const topologyReference = request.topology ?? request.against ?? asWritten?.topology;
  const folder =
    request.topology === undefined && found?.file != null ? path.dirname(found.file) : process.cwd();
  const shape =
    topologyReference === undefined
      ? undefined
      : await find(topologyReference, "topology", catalogues.topologies, folder, problems);
  if (shape === undefined) throw new UsageError(problems);
  if (base === undefined) {
    overridden(
      shape,
      request.set.filter((override) => !/^(load|phases|benchmark)\./.test(override)),
      {},
      problems,
    );
    throw new UsageError(problems);
  }
  const { load, phases, benchmark } = base;
  const fields = { load, phases, benchmark };
  const set = [...(base.set ?? []), ...request.set, ...clientOverrides(request, base, problems)];
  const { topology, budgets, rest } = overridden(shape, set, fields, problems);
  const changed = { ...rest, file: found?.file ?? null, value: { ...base, ...rest.value } };
  const scenario = parsed(scenarioSchema, changed, problems);
  const parts =
    scenario === undefined || topology === undefined
      ? null
      : await check(scenario, topology, { changed, catalogues, problems });
  if (scenario === undefined || topology === undefined || budgets === undefined || problems.length > 0)
    throw new UsageError(problems.map(asGiven(request, base.set)));
  return { scenario, topology: parts?.variants[0]?.topology ?? topology, budgets, parts };
}

/** Checks what the scenario asks of its topology and the catalogues, and finds what a benchmark names. */
async function check(
  scenario: Scenario,
  topology: Topology,
  found: {
    readonly changed: Source;
    readonly catalogues: Catalogues;
    readonly problems: Problem[];
  },
): Promise<LoadedScenario["parts"]> {
  const { changed, catalogues, problems } = found;
  const { benchmark } = scenario;
  problems.push(...checkScenario(scenario, topology, catalogues).map(named(changed)));
  if (benchmark === null) return null;
  const wrong: Problem[] = [];
  const variants = resolveVariants(benchmark, topology, wrong);
  const workload = Object.hasOwn(catalogues.workloads, benchmark.workload)
    ? catalogues.workloads[benchmark.workload]
    : undefined;
  const given = {
    parameters: benchmark.parameters,
    isSet: (name: string) => changed.givenAt.has(`benchmark.parameters.${name}`),
    folder: changed.file === null ? process.cwd() : path.dirname(changed.file),
  };
  const { parameters, files, problems: ofFiles } = await resolveVectorFiles(given, workload);
  wrong.push(...ofFiles, ...checkBenchmark({ ...benchmark, parameters }, scenario, variants, catalogues));
  const k6Script = await readScript(benchmark.k6Script, changed.file, wrong);
  problems.push(...wrong.map(named(changed)));
  return workload === undefined ? null : { workload, parameters, files, variants, k6Script };
}

async function readScript(
  script: string | null,
  scenarioFile: string | null,
  problems: Problem[],
): Promise<string | null> {
  if (script === null) return null;
  const file = path.resolve(scenarioFile === null ? process.cwd() : path.dirname(scenarioFile), script);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    problems.push({ where: "benchmark.k6Script", message: `${file} could not be read: ${reason}.` });
    return null;
  }
}

const CLIENT_OPTIONS = ["engine", "agents"] as const;

/** `--engine` and `--agents` as overrides; a problem where there is no benchmark whose client they would change. */
function clientOverrides(
  { client = {} }: ScenarioRequest,
  { name, benchmark }: Scenario,
  problems: Problem[],
): readonly string[] {
  const own = { engine: "native", agents: "1" };
  return CLIENT_OPTIONS.flatMap((field) => {
    const value = client[field];
    if (value === undefined || (benchmark === null && value === own[field])) return [];
    if (benchmark !== null) return [`benchmark.client.${field}=${value}`];
    problems.push({
      where: `--${field}`,
      message: `the scenario "${name}" is of faults, whose probes one agent sends with the native engine; found ${JSON.stringify(value)}.`,
      suggestion: "Leave it out.",
    });
    return [];
  });
}

/** Names the option, or the scenario's own field, instead of the override that it stands for. */
function asGiven(
  { client = {}, set }: ScenarioRequest,
  ownSet: readonly string[] = [],
): (problem: Problem) => Problem {
  const options = new Map<string, string>([
    ...CLIENT_OPTIONS.map(
      (field) => [`--set benchmark.client.${field}=${client[field]}`, `--${field} ${client[field]}`] as const,
    ),
    ...ownSet
      .filter((override) => !set.includes(override))
      .map((override) => [`--set ${override}`, `scenario.set: ${override}`] as const),
  ]);
  return (problem) => ({ ...problem, where: options.get(problem.where) ?? problem.where });
}

/** As loadScenario, for a topology (and budgets) alone. */
export async function loadTopology(
  reference: string,
  set: readonly string[],
  catalogues: Catalogues,
): Promise<{ readonly topology: Topology; readonly budgets: BudgetSettings }> {
  const problems: Problem[] = [];
  const shape = await find(reference, "topology", catalogues.topologies, process.cwd(), problems);
  if (shape === undefined) throw new UsageError(problems);
  const { topology, budgets } = overridden(shape, set, {}, problems);
  if (topology === undefined || budgets === undefined || problems.length > 0) throw new UsageError(problems);
  return { topology, budgets };
}

/** Something found, and how to name a place in it. */
interface Source {
  readonly value: Readonly<Record<string, unknown>>;
  readonly file: string | null;
  readonly givenAt: Overridden["givenAt"];
}

async function find(
  reference: string,
  kind: "scenario" | "topology",
  catalogue: Readonly<Record<string, unknown>>,
  folder: string,
  problems: Problem[],
): Promise<Source | undefined> {
  const found = await findDefinition(reference, { kind, catalogue, folder });
  if ("problem" in found) {
    problems.push(found.problem);
    return undefined;
  }
  return { value: found.value as Source["value"], file: found.file, givenAt: new Map() };
}

/** Applies the overrides to topology, scenario fields and budgets together, and checks topology and budgets. */
function overridden(
  shape: Source,
  set: readonly string[],
  scenarioFields: Readonly<Record<string, unknown>>,
  problems: Problem[],
): {
  readonly topology: Topology | undefined;
  readonly budgets: BudgetSettings | undefined;
  readonly rest: Source;
} {
  const besides = { ...scenarioFields, budgets: noBudgetSet };
  const { fields, problems: wrong, givenAt } = applyOverrides({ ...shape.value, ...besides }, set);
  problems.push(...wrong);
  const pick = (names: readonly string[]): Source["value"] =>
    Object.fromEntries(names.map((name) => [name, fields[name]]));
  // A topology's own field of such a name is an unknown field, not the override's.
  const own = Object.keys(shape.value).filter((name) => !Object.hasOwn(besides, name));
  const strange = Object.entries(shape.value).filter(([name]) => Object.hasOwn(besides, name));
  const source: Source = {
    value: { ...pick(own), ...Object.fromEntries(strange) },
    file: shape.file,
    givenAt,
  };
  const topology = parsed(topologySchema, source, problems);
  if (topology !== undefined) problems.push(...checkTopology(topology).map(named(source)));
  const budgets = parsed(budgetSchema, { value: pick(["budgets"]), file: null, givenAt }, problems)?.budgets;
  return { topology, budgets, rest: { value: pick(Object.keys(scenarioFields)), file: shape.file, givenAt } };
}

function quickForm(scenario: Scenario, quick: boolean, problems: Problem[]): Scenario {
  if (!quick) return scenario;
  if (scenario.quick !== null) {
    return { ...scenario, ...scenario.quick, benchmark: scenario.quick.benchmark ?? scenario.benchmark };
  }
  problems.push({ where: "--quick", message: `the scenario "${scenario.name}" has no quick form.` });
  return scenario;
}

function parsed<T>(schema: z.ZodType<T>, source: Source, problems: Problem[]): T | undefined {
  const result = schema.safeParse(source.value);
  if (result.success) {
    const strange = unprintable(result.data).map(named(source));
    problems.push(...strange);
    return strange.length === 0 ? result.data : undefined;
  }
  problems.push(...schemaProblems(result.error, source.value, (path) => placeOf(path, source)));
  return undefined;
}

/** Puts the override or the file that set a field in the place of its bare path. */
function named(source: Source): (problem: Problem) => Problem {
  return (problem) => ({ ...problem, where: placeOf(problem.where, source) });
}

function placeOf(path: string, { file, givenAt }: Source): string {
  return givenAt.get(path) ?? (file === null ? path : `${file}: ${path}`);
}

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
