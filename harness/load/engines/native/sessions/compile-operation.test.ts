import { expect, test } from "vitest";
import type { Workload } from "../../../../model/workload.ts";
import { findWorkload, workloadCatalogue } from "../../../../workloads/catalogue.ts";
import { drawVariables, valuesOf, type Value } from "../../../../workloads/draw-values.ts";
import { compileOperation } from "./compile-operation.ts";
import { operationRandom } from "../schedule/operation-random.ts";

const workloads = Object.keys(workloadCatalogue).map((name) => findWorkload(name)!);

test.each(workloads.map((workload): [string, Workload] => [workload.name, workload]))(
  "%s: compiled operations draw what the workload's own words draw",
  (_name, { operations }) => {
    const one = operationRandom(5, 2);
    const other = operationRandom(5, 2);
    const drawn: Value[] = [];
    operations.forEach((definition, index) => {
      const compiled = compileOperation(definition, index);
      for (let number = 0; number < 200; number += 1) {
        one.begin(number);
        other.begin(number);
        const expected = drawVariables(definition.variables, 1000 + number, one.next);
        compiled.draw(1000 + number, other.next, drawn);
        definition.statements.forEach((statement, position) => {
          expect(compiled.statements[position]!.valuesFrom(drawn)).toEqual(valuesOf(statement, expected));
        });
      }
    });
  },
);

test("a statement that uses what is no variable is refused at once", () => {
  const [operation] = findWorkload("tenant-orders")!.operations;
  const broken = { ...operation!, statements: [{ sql: "select $1", uses: ["nothing"] }] };
  expect(() => compileOperation(broken, 0)).toThrow("nothing");
});

test("values of an operation depend on seed, stage and number, not on what was drawn before", () => {
  const random = operationRandom(5, 2);
  const draw = (number: number): number[] => {
    random.begin(number);
    return [random.next(), random.next(), random.next()];
  };
  const first = draw(10);
  draw(11);
  expect(draw(10)).toEqual(first);
  const other = operationRandom(5, 3);
  other.begin(10);
  expect(other.next()).not.toBe(first[0]);
  const numbers = Array.from({ length: 20_000 }, (_, number) => draw(number)[0]!);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(new Set(numbers).size).toBeGreaterThan(19_990);
  const tenths = new Array<number>(10).fill(0);
  for (const value of numbers) tenths[Math.floor(value * 10)]! += 1;
  // Chi-squared with 9 degrees of freedom: 27.9 at 0.1 %.
  expect(tenths.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
});
