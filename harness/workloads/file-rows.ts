import { roundedTo } from "../model/format-value.ts";
import type { FileFill } from "../model/workload.ts";

/** Stands in a FileFill's statement for rows of a file: `id`, and `value`, the row's numbers as a text without brackets. */
export const FILE_ROWS = "dpg_file_rows";

/** A FileFill's statement with some of its rows in it, the first of which has this id. `lines`: the numbers of each. */
export function withFileRows(
  { sql }: Pick<FileFill, "sql">,
  firstId: number,
  lines: readonly string[],
): string {
  const rows = `(select ${firstId} - 1 + place as id, value
                 from unnest(string_to_array('${lines.join(";")}', ';')) with ordinality as line (value, place))`;
  // Not by a text, in which $ would have a meaning.
  return sql.replace(FILE_ROWS, () => rows);
}

/** How many rows of so many numbers one statement fills: about a megabyte of text. */
export function rowsPerFill(columns: number): number {
  return Math.max(1, Math.floor(NUMBERS_PER_STATEMENT / columns));
}

const NUMBERS_PER_STATEMENT = 100_000;

/** A number as a `vector` holds it, as short as it reads back the same. */
export function float4Text(number: number): string {
  const text = String(number);
  return text.length <= FLOAT4_DIGITS ? text : String(roundedTo(number, FLOAT4_DIGITS));
}

/** So many decimal digits tell any two float4 apart. */
const FLOAT4_DIGITS = 9;
