import type { Random, Variable, WorkloadOperation } from "../../../../model/workload.ts";
import type { Value } from "../../../../workloads/draw-values.ts";

/** Draws one variable that is no vector, as its operation does. */
type Draw = (id: number, random: Random) => Value;

/**
 * PostgreSQL's binary format of COPY (manual, COPY: "Binary Format"), its values drawn anew for each row. A number goes as a
 * bigint, a vector as pgvector's vector_recv reads it: how many numbers, two bytes of nothing, and each as a float4.
 */
export function copyBinary(
  { variables, statements, rows }: WorkloadOperation,
  draws: readonly Draw[],
): (id: number, random: Random) => Buffer {
  const uses = statements[0]?.uses ?? [];
  return (id, random) => {
    const parts: Buffer[] = [header];
    for (let row = 0; row < rows; row += 1) {
      const fields = new Map(
        variables.map((variable, at) => [variable.name, fieldOf(variable, draws[at], id, random)]),
      );
      const count = Buffer.allocUnsafe(2);
      count.writeInt16BE(uses.length);
      parts.push(count, ...uses.map((name) => fields.get(name) ?? NULL));
    }
    parts.push(trailer);
    return Buffer.concat(parts);
  };
}

/** Its length, and what it is. */
function fieldOf(variable: Variable, draw: Draw | undefined, id: number, random: Random): Buffer {
  if (variable.kind === "vector") return vectorField(variable.dimension, random);
  const value = draw?.(id, random) ?? "";
  if (typeof value === "string") {
    const text = Buffer.from(value);
    const field = Buffer.allocUnsafe(4 + text.length);
    field.writeInt32BE(text.length);
    text.copy(field, 4);
    return field;
  }
  const field = Buffer.allocUnsafe(12);
  field.writeInt32BE(8);
  field.writeBigInt64BE(BigInt(value), 4);
  return field;
}

function vectorField(dimension: number, random: Random): Buffer {
  const field = Buffer.allocUnsafe(8 + 4 * dimension);
  field.writeInt32BE(4 + 4 * dimension);
  field.writeInt16BE(dimension, 4);
  field.writeInt16BE(0, 6);
  for (let at = 0; at < dimension; at += 1) field.writeFloatBE(2 * random() - 1, 8 + 4 * at);
  return field;
}

/** Signature, no flags, no extension. */
const header = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);
const NULL = Buffer.from([0xff, 0xff, 0xff, 0xff]);
