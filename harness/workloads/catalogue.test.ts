import { expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import type { Variable, Workload, WorkloadDefinition } from "../model/workload.ts";
import { findWorkload, parameterDefaults, workloadCatalogue } from "./catalogue.ts";
import { drawVariables, valuesOf } from "./draw-values.ts";

const definitions: readonly (readonly [string, WorkloadDefinition])[] = Object.entries(workloadCatalogue);

test.each(definitions)("%s is listed under its own name", (name, definition) => {
  expect(definition.name).toBe(name);
  expect(findWorkload(name)).toMatchObject({ name, summary: definition.summary });
});

test("what is not in the catalogue is not found", () => {
  expect(findWorkload("toString")).toBeUndefined();
});

test("values that are not given are the defaults", () => {
  expect(findWorkload("point-select", { viaPrimary: 1 })!.seed).toEqual(findWorkload("point-select")!.seed);
  expect(findWorkload("point-select", { viaPrimary: 1 })!.operations[0]!.endpoint).toBe("readWrite");
});

test("no table belongs to two workloads", () => {
  const names = definitions.flatMap(([name]) => findWorkload(name)!.tables.map((table) => table.name));
  expect(names).toEqual([...new Set(names)]);
});

test.each(definitions)("%s: every parameter's default is within its bounds", (_name, { parameters }) => {
  for (const parameter of Object.values(parameters)) {
    expect(parameter.default).toBeGreaterThanOrEqual(parameter.least);
    expect(parameter.default).toBeLessThanOrEqual(parameter.most);
    expect(parameter.meaning).not.toBe("");
    for (const [value, name] of (parameter.names ?? []).entries()) {
      expect(value).toBeLessThanOrEqual(parameter.most);
      expect(parameter.meaning).toContain(name);
    }
  }
});

/** Every workload with its defaults, and with each parameter at its least and at its most. */
const cases = definitions.flatMap(([name, definition]) => {
  const defaults = parameterDefaults(definition);
  const extremes = Object.entries(definition.parameters).flatMap(([parameter, { least, most }]) => [
    { ...defaults, [parameter]: least },
    { ...defaults, [parameter]: most },
  ]);
  return [defaults, ...extremes].map((values) => {
    const title = [name, ...Object.entries(values).map(([parameter, value]) => `${parameter}=${value}`)];
    return [title.join(" "), definition, values] as const;
  });
});
const workloads: readonly (readonly [string, Workload])[] = cases.map(
  ([title, definition, values]) => [title, definition.build(values)] as const,
);

test.each(cases)("%s: the same values give the same data", (_name, definition, values) => {
  const [first, second] = [definition.build(values), definition.build(values)];
  expect([second.tables, second.seed, second.dataBytes]).toEqual([first.tables, first.seed, first.dataBytes]);
  for (const statement of first.seed) expect(statement).not.toMatch(/random\(|now\(|current_/i);
});

test.each(workloads)("%s: a table's distribution column is part of its primary key", (_name, { tables }) => {
  for (const { primaryKey, distribution, columns } of tables) {
    const names = columns.map(([column]) => column);
    expect(names).toEqual(expect.arrayContaining([...primaryKey]));
    if (typeof distribution === "object") expect(primaryKey).toContain(distribution.column);
  }
});

test.each(workloads)("%s: filling its tables again changes nothing", (_name, { seed }) => {
  for (const statement of seed)
    expect(statement).toMatch(/on conflict do nothing(;\s+end loop;\s+end \$fill\$)?$/);
});

test.each(workloads)(
  "%s: no statement fills more than 50,000 rows, and none is left out",
  (_name, { seed }) => {
    const series = new Map<string, number>();
    for (const statement of seed) {
      const [, table] = /insert into (\w+)/.exec(statement)!;
      const [, from, to] = /generate_series\((\d+)\S*, (\d+)\)/.exec(statement)!;
      // Rows that come and go have the numbers that follow those of the rows that stay.
      const before = table!.endsWith("_others") ? series.get(table!.replace("_others", "")) : 0;
      expect(Number(from)).toBe((series.get(table!) ?? before ?? 0) + 1);
      expect(Number(to) - Number(from)).toBeLessThan(50_000);
      series.set(table!, Number(to));
    }
  },
);

test.each(workloads)(
  "%s: writes take the read-write entry, and every share is above 0",
  (_name, { operations }) => {
    for (const { kind, endpoint, weight } of operations) {
      if (kind === "write") expect(endpoint).toBe("readWrite");
      expect(weight).toBeGreaterThan(0);
    }
  },
);

test.each(workloads)(
  "%s: every statement has a variable for each of its parameters",
  (_name, { operations }) => {
    for (const { name, form, statements, variables } of operations) {
      const names = variables.map((variable) => variable.name);
      expect(names).toEqual([...new Set(names)]);
      if (form !== "transaction") expect(statements).toHaveLength(1);
      const drawn = drawVariables(variables, 7, seededRandom(1, name));
      for (const statement of statements) {
        const used = new Set(statement.sql.match(/\$\d+/g));
        expect([...used].sort()).toEqual(form === "copy" ? [] : statement.uses.map((_, at) => `$${at + 1}`));
        expect(valuesOf(statement, drawn)).toHaveLength(statement.uses.length);
      }
    }
  },
);

test.each(workloads)(
  "%s: a COPY names as many columns as it has values, and has rows",
  (_name, { operations }) => {
    for (const { form, rows, statements } of operations) {
      if (form === "copy") {
        const [, columns] = /^copy \w+ \((.*)\) from stdin(?: \(format binary\))?$/.exec(statements[0]!.sql)!;
        expect(columns!.split(", ")).toEqual(statements[0]!.uses);
        expect(rows).toBeGreaterThan(0);
      } else expect(rows).toBe(0);
    }
  },
);

test.each(workloads)(
  "%s: an operation with a ledger writes its own number into the id column",
  (_name, { operations }) => {
    for (const { ledgerTable, statements, variables } of operations) {
      if (ledgerTable === null) continue;
      const inserts = statements.flatMap(({ sql, uses }) => {
        const [, table, columns] = /^(?:insert into|copy) (\w+) \(([^)]*)\)/.exec(sql) ?? [];
        return table === ledgerTable ? [uses[columns!.split(", ").indexOf("id")]] : [];
      });
      expect(inserts).toHaveLength(1);
      expect(variables).toContainEqual({ name: inserts[0]!, kind: "id" } satisfies Variable);
    }
  },
);

test.each(workloads)(
  "%s: says what must be true, also of operations that never ran",
  (_name, { invariants }) => {
    expect(invariants.length).toBeGreaterThan(0);
    for (const { sql, bounds } of invariants) {
      expect(sql).toMatch(/^select .* as found/s);
      const { atLeast, atMost } = bounds({});
      expect(atMost).toBe(atLeast);
    }
  },
);

/** What each invariant allows after 100 acknowledged, 7 failed and 3 unknown operations of each name. */
const allowed: Readonly<Record<keyof typeof workloadCatalogue, readonly (readonly [number, number])[]>> = {
  "tenant-orders": [range(100, 103), exact(10_000)],
  // 100 times each value from 0 to 999.
  "point-select": [exact(100_000), exact(49_950_000), exact(0)],
  insert: [range(100, 103), exact(0), exact(0)],
  "update-one": [exact(100_000), exact(49_950_000), range(100, 103)],
  "tpcb-like": [exact(0), exact(0), exact(0), range(100, 103), exact(1_000_000)],
  "read-write-mix": [exact(100_000), exact(49_950_000), range(100, 103)],
  "connection-churn": [exact(1000), exact(499_500), exact(0)],
  "many-connections": [exact(10_000), exact(4_995_000), range(100, 103)],
  "bulk-load": [range(100_000, 103_000), exact(0)],
  "long-analytics": [exact(500_000), exact(249_750_000), exact(0)],
  "tenant-point-select": [exact(40_000), exact(19_980_000)],
  "fan-out-select": [exact(40_000), exact(19_980_000)],
  "co-located-join": [exact(10_000), exact(4_995_000), exact(40_000), exact(40_000)],
  "reference-join": [exact(40_000), exact(19_980_000), exact(40_000), exact(1000)],
  "cross-shard-transfer": [exact(10_000_000), exact(10_000), exact(0), range(100, 103)],
  "distributed-insert": [range(100, 103), exact(0), exact(0)],
  "insert-select": [exact(40_000), exact(19_980_000), range(10_000, 10_300), exact(0)],
  "multi-tenant-mix": [exact(40_000), exact(19_980_000), range(100, 103)],
  "vector-knn": [exact(20_000), exact(200)],
  "vector-knn-filtered": [exact(20_000), exact(200)],
  "vector-bulk-load": [range(100_000, 103_000), exact(0)],
  "vector-churn": [exact(20_000), exact(200), exact(0)],
  "vector-hybrid": [exact(20_000), exact(200)],
};

test.each(Object.entries(allowed))(
  "%s: allows what was acknowledged, and what is unknown",
  (name, expected) => {
    const { operations, invariants } = findWorkload(name)!;
    const counts = Object.fromEntries(
      operations.map((operation) => [operation.name, { ok: 100, failed: 7, unknown: 3 }]),
    );
    const found = invariants.map(({ bounds }) => bounds(counts));
    expect(found.map(({ atLeast, atMost }) => [atLeast, atMost])).toEqual(expected);
  },
);

test("the values of a number of rows that is not round add up as well", () => {
  const values = Array.from({ length: 1234 }, (_, index) => ((index + 1) * 7919) % 1000);
  const { invariants } = findWorkload("point-select", { rows: 1234 })!;
  expect(invariants[1]!.bounds({}).atLeast).toBe(values.reduce((sum, value) => sum + value, 0));
});

function exact(value: number): readonly [number, number] {
  return [value, value];
}

function range(from: number, to: number): readonly [number, number] {
  return [from, to];
}
