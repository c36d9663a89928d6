import type { Random } from "../../../../model/workload.ts";
import type { Value } from "../../../../workloads/draw-values.ts";
import type { CompiledOperation } from "./compile-operation.ts";

/** PostgreSQL's text format of COPY: one line for each row, its values drawn anew, tabs between them. */
export function copyText(
  { draw, first, definition }: CompiledOperation,
  id: number,
  random: Random,
  drawn: Value[],
): string {
  let text = "";
  for (let row = 0; row < definition.rows; row += 1) {
    draw(id, random, drawn);
    text += `${first.valuesFrom(drawn).map(escaped).join("\t")}\n`;
  }
  return text;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(value: Value): string {
  if (typeof value === "number") return String(value);
  return value.replace(/[\\\n\r\t]/g, (letter) => escapes[letter] ?? letter);
}
