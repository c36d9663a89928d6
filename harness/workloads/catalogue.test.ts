import { expect, test } from "vitest";
import { seededRandom } from "../load/seeded-random.ts";
import { findWorkload, workloadCatalogue } from "./catalogue.ts";

const workloads = Object.entries(workloadCatalogue);

test.each(workloads)("%s is listed under its own name", (name, workload) => {
  expect(workload.name).toBe(name);
  expect(findWorkload(name)).toBe(workload);
});

test("what is not in the catalogue is not found", () => {
  expect(findWorkload("toString")).toBeUndefined();
});

test.each(workloads)("%s: a table's distribution column is part of its primary key", (_name, { tables }) => {
  for (const { primaryKey, distributionColumn, columns } of tables) {
    const names = columns.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining([...primaryKey]));
    if (distributionColumn !== null) expect(primaryKey).toContain(distributionColumn);
  }
});

test.each(workloads)("%s: filling its tables again changes nothing", (_name, { seed }) => {
  for (const statement of seed) expect(statement).toMatch(/on conflict do nothing$/);
});

test.each(workloads)(
  "%s: every statement has as many values as parameters, the same for the same seed",
  (_name, { operations }) => {
    for (const { name, sql, parameters } of operations) {
      const used = new Set(sql.match(/\$\d+/g) ?? []);
      const values = parameters(7, seededRandom(1, name));
      expect(values).toHaveLength(used.size);
      expect(parameters(7, seededRandom(1, name))).toEqual(values);
    }
  },
);

test.each(workloads)(
  "%s: an operation with a ledger writes its own number into the id column",
  (_name, { operations }) => {
    for (const { sql, parameters, ledgerTable } of operations) {
      if (ledgerTable === null) continue;
      const [, columns] = /^insert into \w+ \(([^)]*)\)/.exec(sql) ?? [];
      const position = columns!.split(", ").indexOf("id");
      expect(parameters(123_456, seededRandom(1, "ids"))[position]).toBe(123_456);
    }
  },
);
