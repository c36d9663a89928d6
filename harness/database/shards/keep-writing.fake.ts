import { expect } from "vitest";

/** Runs statements through the clients' way in. */
type Sql = (...statements: string[]) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Inserts into and updates `point_select` without pause until it is ended; ids of what was acknowledged, and what failed. */
export function keepWriting(
  sql: Sql,
  { rows, firstId }: { readonly rows: number; readonly firstId: number },
) {
  let going = true;
  const acknowledged: number[] = [];
  const failures: string[] = [];
  const longestMs = { is: 0 };
  const work = (async () => {
    for (let id = firstId; going; id += 1) {
      const sinceMs = performance.now();
      try {
        await sql(
          `insert into point_select (id, value, version, filler) values (${id}, 1, 0, 'new')`,
          `update point_select set version = version + 1 where id = ${(id % rows) + 1}`,
        );
        acknowledged.push(id);
      } catch (error) {
        failures.push(String(error));
      }
      longestMs.is = Math.max(longestMs.is, performance.now() - sinceMs);
    }
  })();
  return {
    failures,
    longestMs,
    async end(): Promise<readonly number[]> {
      going = false;
      await work;
      return acknowledged;
    },
  };
}

/** Rows that were acknowledged are there once, and each update counts. */
export async function expectAll(sql: Sql, acknowledged: readonly number[]): Promise<void> {
  const list = acknowledged.join(", ");
  const [row] = await sql(
    `select count(*)::int as rows, count(distinct id)::int as ids from point_select where id in (${list})`,
  );
  expect(row).toEqual({ rows: acknowledged.length, ids: acknowledged.length });
}
