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
