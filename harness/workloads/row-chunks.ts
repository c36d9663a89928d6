/** Rows that one statement fills: a second or two, and little to do again after a failure. */
const ROWS_PER_STATEMENT = 50_000;

/** Divides the rows 1 to `rows` among statements of so many at most: first and last row of each, in order. */
export function rowChunks(
  rows: number,
  most = ROWS_PER_STATEMENT,
): readonly (readonly [from: number, to: number])[] {
  const each = Math.min(most, ROWS_PER_STATEMENT);
  return Array.from({ length: Math.ceil(rows / each) }, (_, index) => [
    index * each + 1,
    Math.min(rows, (index + 1) * each),
  ]);
}
