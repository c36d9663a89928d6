import type { Benchmark, PlannedVariant } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import type { Topology } from "../model/topology.ts";
import { applyOverrides } from "./apply-overrides.ts";
import { checkTopology } from "./check-topology.ts";
import { schemaProblems } from "../schema/schema-problems.ts";
import { topologySchema } from "./topology-schema.ts";

/** The cluster of each variant: the topology with the variant's own overrides on top. Adds what is wrong with them. */
export function resolveVariants(
  { variants }: Benchmark,
  topology: Topology,
  problems: Problem[],
): readonly PlannedVariant[] {
  const repeated = variants.filter(
    ({ name }, index) => variants.findIndex((one) => one.name === name) < index,
  );
  for (const { name } of repeated) {
    problems.push({
      where: "benchmark.variants",
      message: `expected different names, found "${name}" twice.`,
    });
  }
  if (variants.length === 0) return [{ name: "", topology }];
  return variants.flatMap(({ name, set }, index) => {
    const where = (override: string): string => `benchmark.variants[${index}].set: ${override}`;
    const { fields, problems: wrong, givenAt } = applyOverrides({ ...topology }, set);
    const places = new Map([...givenAt].map(([path, given]) => [path, where(given.replace(/^--set /, ""))]));
    const named = (path: string): string => places.get(path) ?? `benchmark.variants[${index}]: ${path}`;
    problems.push(
      ...wrong.map((problem) => ({ ...problem, where: where(problem.where.replace(/^--set ?/, "")) })),
    );
    const result = topologySchema.safeParse(fields);
    if (!result.success) {
      problems.push(...schemaProblems(result.error, fields, named));
      return [];
    }
    const unfit = checkTopology(result.data).map((problem) => ({ ...problem, where: named(problem.where) }));
    problems.push(...unfit);
    return [{ name, topology: result.data }];
  });
}
