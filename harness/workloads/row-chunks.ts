/** Rows that one statement fills: a second or two, and little to do again after a failure. */
const ROWS_PER_STATEMENT = 50_000;

/** Divides the rows 1 to `rows` among statements: first and last row of each, in order. */
export function rowChunks(rows: number): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: Math.ceil(rows / ROWS_PER_STATEMENT) }, (_, index) => [
    index * ROWS_PER_STATEMENT + 1,
    Math.min(rows, (index + 1) * ROWS_PER_STATEMENT),
  ]);
}
