import type { Random, Statement, Variable } from "../model/workload.ts";
import { drawZipf } from "./zipf.ts";

/** A value as it goes to the server, in text format. */
export type Value = string | number;

/** Draws an operation's variables, in their order. */
export function drawVariables(
  variables: readonly Variable[],
  id: number,
  random: Random,
): ReadonlyMap<string, Value> {
  return new Map(variables.map((variable) => [variable.name, draw(variable, id, random)]));
}

/** The values of $1, $2, ... */
export function valuesOf({ uses }: Statement, drawn: ReadonlyMap<string, Value>): readonly Value[] {
  return uses.map((name) => {
    const value = drawn.get(name);
    if (value === undefined)
      throw new Error(`The statement uses ${name}, which is no variable of its operation`);
    return value;
  });
}

function draw(variable: Variable, id: number, random: Random): Value {
  switch (variable.kind) {
    case "id":
      return id;
    case "id-modulo":
      return variable.plus + (id % variable.modulo);
    case "uniform":
      return variable.from + Math.floor(random() * (variable.to - variable.from + 1));
    case "zipf":
      return drawZipf(variable.from, variable.to, variable.exponent, random);
    case "choice":
      return variable.values[Math.floor(random() * variable.values.length)] ?? "";
    case "vector":
      return `[${Array.from({ length: variable.dimension }, () => 2 * random() - 1).join(",")}]`;
    case "text":
      return Array.from({ length: variable.length }, () => LETTERS[Math.floor(random() * 16)]).join("");
  }
}

const LETTERS = "abcdefghijklmnop";
