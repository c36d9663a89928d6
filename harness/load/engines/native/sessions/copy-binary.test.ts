import { expect, test } from "vitest";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { drawVariables } from "../../../../workloads/draw-values.ts";
import { findWorkload } from "../../../../workloads/catalogue.ts";
import { compileOperation } from "./compile-operation.ts";

const [operation] = findWorkload("vector-bulk-load", { rowsPerCopy: 2, dimension: 3 })!.operations;

test("a binary COPY is PostgreSQL's format: a bigint, and a vector as pgvector reads it", () => {
  const bytes = compileOperation(operation!, 0).copyBinary!(7, () => 0.75);
  const row = [
    "0002", // fields
    "00000008", // of a bigint
    "0000000000000007",
    "00000010", // of a vector of three numbers
    "00030000",
    "3f000000".repeat(3), // 0.5
  ].join("");
  const header = `${Buffer.from("PGCOPY\n", "latin1").toString("hex")}ff0d0a000000000000000000`;
  expect(bytes.toString("hex")).toBe(`${header}${row}${row}ffff`);
});

test("its numbers are those that a text would have", () => {
  const bytes = compileOperation(operation!, 0).copyBinary!(7, seededRandom(1, "values"));
  const drawn = drawVariables(operation!.variables, 7, seededRandom(1, "values"));
  const numbers = [0, 1, 2].map((at) => bytes.readFloatBE(19 + 2 + 12 + 8 + 4 * at));
  expect(numbers).toEqual((JSON.parse(String(drawn.get("embedding"))) as number[]).map(Math.fround));
});

test("other operations have none", () => {
  expect(compileOperation(findWorkload("bulk-load")!.operations[0]!, 0).copyBinary).toBeNull();
});
