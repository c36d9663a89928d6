import type { Run } from "./run.ts";

/** Everything in which the runs' plans and environments differ, in the order in which the plan has it. */
export function differingConditions(runs: readonly Run[]): readonly DifferingCondition[] {
  return differing(runs.map(conditionsOf));
}

/** The same for sides: of each condition all values that a side's runs have. */
export function conditionsBySide(sides: readonly (readonly Run[])[]): readonly DifferingCondition[] {
  return differing(
    sides.map((runs) => {
      const together = new Map<string, Set<string>>();
      for (const [name, value] of runs.flatMap((run) => [...conditionsOf(run)]))
        together.set(name, (together.get(name) ?? new Set()).add(value));
      return new Map([...together].map(([name, values]) => [name, [...values].join(", ")]));
    }),
  );
}

/** Settings, versions and machine of a run, by name. */
export function conditionsOf({ recording }: Run): ReadonlyMap<string, string> {
  const { plan, environment } = recording;
  const found = new Map<string, string>();
  flatten("", { scenario: plan.scenario.name, quick: plan.scenario.quick, seed: plan.seed }, found);
  if (plan.benchmark !== null) {
    const { variants, k6Script, arrivalsOfEngine: _toldByStages, ...settings } = plan.benchmark;
    flatten(
      "benchmark",
      { ...settings, k6Script: k6Script === null ? "made from the workload" : "the user's own" },
      found,
    );
    for (const { name, topology } of variants.slice(1)) flatten(`topology of ${name}`, topology, found);
  }
  flatten("load", plan.load, found);
  flatten("phases", plan.load === null ? {} : plan.phases, found);
  flatten("topology", plan.topology, found);
  flatten(
    "engine version",
    [...new Set(recording.stages.map(({ engine }) => engine.version))].join(", "),
    found,
  );
  if (environment !== null) {
    const { machine, components, dialects, dpgBench, images } = environment;
    flatten("machine", machine, found);
    flatten("version of", components, found);
    flatten("dialect", dialects, found);
    flatten("dpg-bench", dpgBench.version, found);
    flatten("image", Object.fromEntries(images.map(({ name, id }) => [name.replace(/:.*/, ""), id])), found);
  }
  return found;
}

/** A setting, version or machine in which things that stand side by side differ. */
export interface DifferingCondition {
  /** `seed`, `topology.pgbouncer.poolMode`, `version of postgresql`, ... */
  readonly condition: string;
  /** One for each, in order; null: that one has none. */
  readonly values: readonly (string | null)[];
}

/** What is not the same everywhere, in the order in which it comes. */
export function differing(lists: readonly ReadonlyMap<string, string>[]): readonly DifferingCondition[] {
  const names = new Set(lists.flatMap((conditions) => [...conditions.keys()]));
  return [...names]
    .map((condition) => ({
      condition,
      values: lists.map((conditions) => conditions.get(condition) ?? null),
    }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Leaves of plain data, by their path. */
export function flatten(path: string, value: unknown, found: Map<string, string>): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    if (value !== "") found.set(path, String(value));
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const joint = path === "" ? "" : /^(?:version of|dialect|image)$/.test(path) ? " " : ".";
    flatten(`${path}${joint}${Array.isArray(value) ? String(Number(key) + 1) : key}`, inner, found);
  }
}
