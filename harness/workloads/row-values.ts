/** Values are 0 to 999. As 7919 and 1000 have no divisor in common, any 1000 rows in a row have each of them once. */
export const VALUES = 1000;

/** The value of the row of this number, in SQL: a hash, so that the same number of rows is always the same data. */
export function valueSql(number: string): string {
  return `${number} * 7919 % ${VALUES}`;
}

/** The values of the rows 1 to `rows`, added up. */
export function sumOfValues(rows: number): number {
  const whole = Math.floor(rows / VALUES);
  let sum = (whole * (VALUES * (VALUES - 1))) / 2;
  for (let number = whole * VALUES + 1; number <= rows; number += 1) sum += (number * 7919) % VALUES;
  return sum;
}

/** Letters of a row that nothing reads for their own sake: another hash of its number. At most 96. */
export function fillerSql(number: string, letters: number): string {
  return `left(repeat(md5(${number}::text), 3), ${letters})`;
}
