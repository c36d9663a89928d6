import type { Invariant } from "../model/workload.ts";
import { bounds } from "./bounds.ts";

/** Values are 0 to 999. As 7919 and 1000 have no divisor in common, any 1000 rows in a row have each of them once. */
export const VALUES = 1000;

/** The value of the row of this number, in SQL: a hash, so that the same number of rows is always the same data. */
export function valueSql(number: string): string {
  return `${number} * 7919 % ${VALUES}`;
}

/** The values of the rows 1 to `rows`, added up. */
function sumOfValues(rows: number): number {
  const whole = Math.floor(rows / VALUES);
  let sum = (whole * (VALUES * (VALUES - 1))) / 2;
  for (let number = whole * VALUES + 1; number <= rows; number += 1) sum += (number * 7919) % VALUES;
  return sum;
}

/** As long as the filler of pgbench's accounts. */
export const FILLER_BYTES = 84;

/** Letters of a row that nothing reads for their own sake: another hash of its number. */
export function fillerSql(number: string): string {
  return `left(repeat(md5(${number}::text), 3), ${FILLER_BYTES})`;
}

/** Rows and values of a table that was filled with so many are as they were: for workloads that change neither. */
export function unchangedRows(table: string, rows: number): readonly Invariant[] {
  return [
    {
      title: `${table} has the rows that it was filled with`,
      sql: `select count(*) as found from ${table}`,
      ...bounds.exactly(rows),
    },
    {
      title: `the values of ${table} add up to what they did`,
      sql: `select coalesce(sum(value), 0) as found from ${table}`,
      ...bounds.exactly(sumOfValues(rows)),
    },
  ];
}
