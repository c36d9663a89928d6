import { expect, test } from "vitest";
import { checkInvariants } from "./check-invariants.ts";
import { fakeClock } from "./model/clock.fake.ts";
import { fakeSqlRunner, sqlFailure } from "./model/sql-runner.fake.ts";
import { fakeTopology } from "./model/topology.fake.ts";
import { findWorkload } from "./workloads/catalogue.ts";

const workload = findWorkload("update-one", { rows: 1000 })!;
const [rows, , versions] = workload.invariants as [
  { readonly sql: string },
  unknown,
  { readonly sql: string },
];

type Answer = Parameters<typeof fakeSqlRunner>[0]["answer"];

async function check(answer: Answer, signal = new AbortController().signal) {
  const clock = fakeClock();
  const agent = fakeSqlRunner({ clock, tookMs: 10, answer });
  const checking = checkInvariants({
    workload,
    counts: { update: { ok: 40, failed: 5, unknown: 2 } },
    variant: "two replicas",
    agent,
    topology: fakeTopology(),
    clock,
    signal,
  });
  checking.catch(() => undefined);
  await clock.run();
  return { readings: await checking, ran: agent.ran, tookMs: clock.nowUs() / 1000 };
}

test("what is found stands beside what operations allow, read through the read-write entry", async () => {
  const { readings, ran } = await check((sql) => [
    { found: sql === rows.sql ? "1000" : sql === versions.sql ? "41" : "499500" },
  ]);
  expect(readings.map(({ found, atLeast, atMost, problem }) => [found, atLeast, atMost, problem])).toEqual([
    [1000, 1000, 1000, null],
    [499_500, 499_500, 499_500, null],
    [41, 40, 42, null],
  ]);
  expect(readings[2]).toMatchObject({ variant: "two replicas", workload: "update-one" });
  expect(ran.every((line) => line.startsWith("haproxy:5432 select"))).toBe(true);
});

test("a database that is away for a moment is asked again", async () => {
  let left = 5;
  const { readings } = await check((sql) => {
    if (left-- > 0) throw sqlFailure(sql, "57P03");
    return [{ found: 7 }];
  });
  expect(readings.map(({ found }) => found)).toEqual([7, 7, 7]);
});

test("a database that stays away gives no numbers, and says why, within the budget for all of them", async () => {
  const { readings, tookMs } = await check((sql) => {
    throw sqlFailure(sql, "ECONNREFUSED");
  });
  expect(readings.map(({ found }) => found)).toEqual([null, null, null]);
  for (const { problem } of readings) expect(problem).toMatch(/budget for reading invariants.*ECONNREFUSED/);
  expect(tookMs).toBeGreaterThanOrEqual(180_000);
  expect(tookMs).toBeLessThan(182_000);
});

test("a table that is gone is a problem at once; the others are read all the same", async () => {
  const { readings, ran } = await check((sql) => {
    if (sql === rows.sql) throw sqlFailure(sql, "42P01", 'relation "update_one" does not exist');
    return [{ found: 40 }];
  });
  expect(readings[0]).toMatchObject({ found: null, problem: expect.stringContaining("42P01") as string });
  expect(readings[2]).toMatchObject({ found: 40, problem: null });
  expect(ran).toHaveLength(3);
});

test.each([
  [[]],
  [[{ found: null }]],
  [[{ found: "many" }]],
  [[{ found: 1, more: 2 }]],
  [[{ found: 1 }, { found: 2 }]],
])("an answer that is not one number, %j, is a problem", async (answer) => {
  const { readings } = await check(() => answer);
  expect(readings[0]!.found).toBeNull();
  expect(readings[0]!.problem).toMatch(/^Expected one row with one number/);
});

test("an interrupt ends it", async () => {
  const interrupted = AbortSignal.abort(new Error("interrupted"));
  await expect(check(() => [{ found: 1 }], interrupted)).rejects.toThrow("interrupted");
});
