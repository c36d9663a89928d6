import type { Benchmark, CapacitySearch, LoadShape, PlannedVariant } from "../model/benchmark.ts";
import { engineGaps } from "../model/engine-abilities.ts";
import type { Problem } from "../model/errors.ts";
import { resolveArrivals } from "../model/resolve-arrivals.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Workload, WorkloadDefinition } from "../model/workload.ts";
import { type Catalogues, namedCheckers } from "./catalogues.ts";
import { checkConnections } from "./check-connections.ts";
import { figuresOfFaults } from "./check-scenario.ts";
import { checkRates } from "./check-rates.ts";
import { checkBenchmarkTargets } from "./check-targets.ts";
import { checkVectors } from "./check-vectors.ts";
import { didYouMean } from "../schema/nearest.ts";
import { vectorFileParameters } from "../workloads/vector-values.ts";

/** Parameters of which none is a path any more. */
interface ParametersInNumbers {
  readonly parameters: Readonly<Record<string, number>>;
}

/** What a benchmark asks that its workload, its engine or its clusters cannot give. */
export function checkBenchmark(
  benchmark: Benchmark & ParametersInNumbers,
  { targets, faults, load }: Pick<Scenario, "targets" | "faults" | "load">,
  variants: readonly PlannedVariant[],
  known: Pick<Catalogues, "workloads" | "faults" | "runtime" | "checkers">,
): readonly Problem[] {
  const definition = Object.hasOwn(known.workloads, benchmark.workload)
    ? known.workloads[benchmark.workload]
    : undefined;
  const common = [...checkRates(benchmark, targets), ...checkScript(benchmark)];
  if (definition === undefined) {
    const message = `there is no workload "${benchmark.workload}".`;
    const suggestion = didYouMean(benchmark.workload, Object.keys(known.workloads));
    return [{ where: "benchmark.workload", message, suggestion }, ...common];
  }
  const wrong = checkParameters("benchmark.parameters", benchmark.parameters, definition);
  if (wrong.length > 0) return [...wrong, ...common];
  const defaults = Object.entries(definition.parameters).map(([name, one]) => [name, one.default] as const);
  const topology = variants[0]?.topology;
  const besides =
    load === null || topology === undefined ? null : figuresOfFaults({ faults }, load, topology, known);
  const values = { ...Object.fromEntries(defaults), ...benchmark.parameters };
  const impossible = definition.check?.(values) ?? [];
  if (impossible.length > 0)
    return [
      ...impossible.map(({ parameter, message }) => ({
        where: `benchmark.parameters.${parameter}`,
        message,
      })),
      ...common,
    ];
  const workload = definition.build(values);
  return [
    ...checkVectors(workload, variants),
    ...checkCopies(benchmark, workload, load),
    ...checkStageParameters(benchmark, definition, values),
    ...common,
    ...checkBenchmarkTargets(targets, benchmark, workload, {
      besides,
      checkers: namedCheckers(known),
    }),
    ...checkEngine(benchmark, workload),
    ...variants.flatMap((variant) => checkConnections(benchmark, variant, workload)),
  ];
}

function checkParameters(
  at: string,
  parameters: Readonly<Record<string, number>>,
  definition: WorkloadDefinition,
): readonly Problem[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    const where = `${at}.${name}`;
    const parameter = Object.hasOwn(definition.parameters, name) ? definition.parameters[name] : undefined;
    if (parameter === undefined) return [noSuchParameter(where, name, definition)];
    const { least, most, meaning } = parameter;
    if (value >= least && value <= most && Number.isInteger(value)) return [];
    return [
      { where, message: `expected a whole number from ${least} to ${most} (${meaning}), found ${value}.` },
    ];
  });
}

/** With the nearest that there is, paths of files included. */
export function noSuchParameter(
  where: string,
  name: string,
  { name: workload, parameters, takesVectorFiles }: WorkloadDefinition,
): Problem {
  const names = [
    ...Object.keys(parameters),
    ...(takesVectorFiles === true ? Object.keys(vectorFileParameters) : []),
  ];
  const message = `the workload "${workload}" has no such parameter.`;
  return { where, message, suggestion: didYouMean(name, names) };
}

/** A stage's own parameters are asked of the data that is there. */
function checkStageParameters(
  { method }: Benchmark,
  definition: WorkloadDefinition,
  values: Readonly<Record<string, number>>,
): readonly Problem[] {
  if (method.kind !== "fixed") return [];
  const dataOf = ({ tables, seed, filledFromFiles = [] }: Workload): string =>
    JSON.stringify([tables, seed, filledFromFiles]);
  const data = dataOf(definition.build(values));
  return method.stages.flatMap(({ parameters = {} }, index) => {
    const where = `benchmark.method.stages.${index}.parameters`;
    const wrong = checkParameters(where, parameters, definition);
    if (wrong.length > 0) return wrong;
    const asked = { ...values, ...parameters };
    const impossible = (definition.check?.(asked) ?? []).map(({ parameter, message }) => ({
      where: `${where}.${parameter}`,
      message,
    }));
    const changesData = dataOf(definition.build(asked)) !== data;
    const message = `expected parameters that leave the data as it is, which all stages have in common, found ${Object.keys(parameters).join(", ")}.`;
    return changesData ? [...impossible, { where, message }] : impossible;
  });
}

/** What every copy is asked for is what the primary gave before: it must have been asked, of rows that stay. */
function checkCopies(
  { copies }: Benchmark,
  { name, operations }: Workload,
  load: Scenario["load"],
): readonly Problem[] {
  if (copies == null) return [];
  const where = "benchmark.copies";
  const writes = operations.find(({ kind, weight }) => kind === "write" && weight > 0);
  return [
    ...(operations.some(({ search }) => search !== undefined)
      ? []
      : [{ where, message: `expected a workload that searches, found "${name}".` }]),
    ...(load === null
      ? [
          {
            where,
            message:
              "expected none without probes and faults: it is before and after them that copies are asked.",
            suggestion: "Add load and faults, or leave it out.",
          },
        ]
      : []),
    ...(writes === undefined
      ? []
      : [
          {
            where,
            message: `expected rows that stay as they are, for copies are held to what was found when the tables were filled, found "${writes.name}" of "${name}".`,
          },
        ]),
  ];
}

function checkEngine(benchmark: Benchmark, workload: Workload): readonly Problem[] {
  const { client } = benchmark;
  // What a user's own script sends is its own affair.
  if (benchmark.k6Script !== null) return [];
  const { method, sustained } = resolveArrivals(benchmark);
  const shapes = [
    ...(method.kind === "fixed" ? method.stages.map(({ shape }) => shape) : searchShapes(method.search)),
    ...(sustained?.kind === "shape" ? [sustained.shape] : []),
  ];
  const phases = method.kind === "fixed" ? [benchmark.phases] : [benchmark.phases, method.search.phases];
  return engineGaps(client.engine, { shapes, client, workload, phases }).map((gap) => ({
    where: "benchmark.client.engine",
    message: gap,
  }));
}

function searchShapes({ arrival, saturationClients }: CapacitySearch): readonly LoadShape[] {
  return [
    { kind: "closed", clients: saturationClients, thinkTimeMs: 0 },
    { kind: "open", arrival, rate: { kind: "constant", perSecond: 1000 } },
  ];
}

function checkScript({ k6Script, client }: Benchmark): readonly Problem[] {
  if (k6Script === null || client.engine === "k6") return [];
  return [
    {
      where: "benchmark.k6Script",
      message: `expected none for the engine ${client.engine}, which cannot run it, found ${JSON.stringify(k6Script)}.`,
      suggestion: "Use --engine k6.",
    },
  ];
}
