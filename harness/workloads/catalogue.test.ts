import { expect, test } from "vitest";
import { seededRandom } from "../load/seeded-random.ts";
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
  expect(findWorkload("tenant-orders")).toEqual(
    findWorkload("tenant-orders", parameterDefaults(workloadCatalogue["tenant-orders"])),
  );
});

/** Every workload with its defaults, and with each parameter at its least and at its most. */
const workloads: readonly (readonly [string, Workload])[] = definitions.flatMap(([name, definition]) => {
  const defaults = parameterDefaults(definition);
  const extremes = Object.entries(definition.parameters).flatMap(([parameter, { least, most }]) => [
    { ...defaults, [parameter]: least },
    { ...defaults, [parameter]: most },
  ]);
  return [defaults, ...extremes].map((values) => [titled(name, values), definition.build(values)] as const);
});

function titled(name: string, values: Readonly<Record<string, number>>): string {
  return [name, ...Object.entries(values).map(([parameter, value]) => `${parameter}=${value}`)].join(" ");
}

test.each(workloads)("%s: a table's distribution column is part of its primary key", (_name, { tables }) => {
  for (const { primaryKey, distributionColumn, columns } of tables) {
    const names = columns.map(([column]) => column);
    expect(names).toEqual(expect.arrayContaining([...primaryKey]));
    if (distributionColumn !== null) expect(primaryKey).toContain(distributionColumn);
  }
});

test.each(workloads)("%s: filling its tables again changes nothing", (_name, { seed }) => {
  for (const statement of seed) expect(statement).toMatch(/on conflict do nothing$/);
});

test.each(workloads)(
  "%s: every statement has a variable for each of its parameters",
  (_name, { operations }) => {
    for (const { name, statements, variables } of operations) {
      const drawn = drawVariables(variables, 7, seededRandom(1, name));
      for (const statement of statements) {
        const used = new Set(statement.sql.match(/\$\d+/g) ?? []);
        expect([...used].sort()).toEqual(statement.uses.map((_, index) => `$${index + 1}`).sort());
        expect(valuesOf(statement, drawn)).toHaveLength(used.size);
      }
    }
  },
);

test.each(workloads)(
  "%s: an operation with a ledger writes its own number into the id column",
  (_name, { operations }) => {
    for (const { ledgerTable, statements, variables } of operations) {
      if (ledgerTable === null) continue;
      const inserts = statements.flatMap(({ sql, uses }) => {
        const [, table, columns] = /^insert into (\w+) \(([^)]*)\)/.exec(sql) ?? [];
        return table === ledgerTable ? [uses[columns!.split(", ").indexOf("id")]] : [];
      });
      expect(inserts).toHaveLength(1);
      expect(variables).toContainEqual({ name: inserts[0]!, kind: "id" } satisfies Variable);
    }
  },
);
