import type { Random, Statement, Variable, WorkloadOperation } from "../../../../model/workload.ts";
import type { Value } from "../../../../workloads/draw-values.ts";
import { drawZipf } from "../../../../workloads/zipf.ts";
import { copyBinary } from "./copy-binary.ts";
import type { PreparedStatement } from "../../../wire/engine-connection.ts";

/** A statement of a compiled operation. */
export interface CompiledStatement {
  readonly prepared: PreparedStatement;
  /** Its values out of the operation's drawn ones: the same array at every call. */
  readonly valuesFrom: (drawn: readonly Value[]) => readonly Value[];
}

/** An operation made ready to be sent many times over: nothing is looked up by name any more. */
export interface CompiledOperation {
  /** Position in the workload. */
  readonly index: number;
  readonly definition: WorkloadOperation;
  readonly statements: readonly CompiledStatement[];
  readonly first: CompiledStatement;
  /** Draws its variables into `drawn`, in their order, as drawVariables does. */
  readonly draw: (id: number, random: Random, drawn: Value[]) => void;
  /** Makes the rows of its COPY; null: it is none in binary format. */
  readonly copyBinary: ((id: number, random: Random) => Buffer) | null;
}

export function compileOperation(
  definition: WorkloadOperation,
  index: number,
  {
    named = true,
    keepsRow = false,
    wantsRows,
  }: {
    readonly named?: boolean;
    readonly keepsRow?: boolean;
    /** As PreparedStatement's. */
    readonly wantsRows?: (() => boolean) | undefined;
  } = {},
): CompiledOperation {
  const draws = definition.variables.map(compileVariable);
  const names = definition.variables.map(({ name }) => name);
  const wanted = wantsRows === undefined ? {} : { wantsRows };
  const statements = definition.statements.map((statement, position) => ({
    prepared: {
      name: named ? `dpg_${index}_${position}` : "",
      ...bitOf(named, index),
      sql: statement.sql,
      parameterCount: statement.uses.length,
      keepsRow,
      ...wanted,
    },
    valuesFrom: compileValues(statement, names),
  }));
  const [first] = statements;
  if (first === undefined) throw new Error(`Expected ${definition.name} to have a statement, found none`);
  return {
    index,
    definition,
    statements,
    first,
    copyBinary: definition.binary === true ? copyBinary(definition, draws) : null,
    draw: (id, random, drawn) => {
      let position = 0;
      for (const draw of draws) drawn[position++] = draw(id, random);
    },
  };
}

/** Of operations beyond those that a set of bits has room for, none may be sent by another thread. */
function bitOf(named: boolean, index: number): { readonly bit?: number } {
  if (!named) return { bit: 0 };
  return index < 31 ? { bit: 1 << index } : {};
}

function compileVariable(variable: Variable): (id: number, random: Random) => Value {
  switch (variable.kind) {
    case "id":
      return (id) => id;
    case "id-modulo": {
      const { plus, modulo } = variable;
      return (id) => plus + (id % modulo);
    }
    case "uniform": {
      const { from, to } = variable;
      const width = to - from + 1;
      return (_id, random) => from + Math.floor(random() * width);
    }
    case "zipf": {
      const { from, to, exponent } = variable;
      return (_id, random) => drawZipf(from, to, exponent, random);
    }
    case "choice": {
      const { values } = variable;
      return (_id, random) => values[Math.floor(random() * values.length)] ?? "";
    }
    case "vector": {
      const numbers = Array.from({ length: variable.dimension }, () => 0);
      return (_id, random) => `[${numbers.map(() => 2 * random() - 1).join(",")}]`;
    }
    case "text": {
      const letters = Buffer.alloc(variable.length);
      return (_id, random) => {
        for (let at = 0; at < letters.length; at += 1) letters[at] = 97 + Math.floor(random() * 16);
        return letters.toString("latin1");
      };
    }
  }
}

/** Throws where a statement uses what is no variable of its operation. */
function compileValues(
  { uses }: Statement,
  names: readonly string[],
): (drawn: readonly Value[]) => readonly Value[] {
  const positions = uses.map((name) => {
    // The last one of a name, as a map would have it.
    const position = names.lastIndexOf(name);
    if (position === -1) throw new Error(`The statement uses ${name}, which is no variable of its operation`);
    return position;
  });
  const values: Value[] = positions.map(() => 0);
  return (drawn) => {
    let at = 0;
    for (const position of positions) values[at++] = drawn[position] ?? "";
    return values;
  };
}
