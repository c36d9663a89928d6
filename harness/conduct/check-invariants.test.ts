import { beforeEach, describe, expect, test } from "vitest";
import { checkInvariants } from "./check-invariants.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { invariantHeld } from "../model/invariant-held.ts";
import { fakeSqlRunner, sqlFailure } from "../model/sql-runner.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import type { OperationCount } from "../model/workload.ts";
import { noOutcomes, type WriteOutcomes } from "../model/write-outcomes.ts";
import { findWorkload } from "../workloads/catalogue.ts";

const workload = findWorkload("update-one", { rows: 1000 })!;
const [rows, , versions] = workload.invariants as [
  { readonly sql: string },
  unknown,
  { readonly sql: string },
];

type Answer = Parameters<typeof fakeSqlRunner>[0]["answer"];

async function check(
  answer: Answer,
  signal = new AbortController().signal,
  checked = workload,
  topology = fakeTopology(),
) {
  const clock = fakeClock();
  const agent = fakeSqlRunner({ clock, tookMs: 10, answer });
  const checking = checkInvariants({
    workload: checked,
    counts: { update: { ok: 40, failed: 5, unknown: 2 } },
    told: [],
    brokenOff: null,
    variant: "two replicas",
    ...{ agent, topology },
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

describe("what crashes left prepared", () => {
  const citus = fakeTopology({ sharding: "citus", workers: { groups: 2, membersPerGroup: 2, shards: 4 } });
  const signal = new AbortController().signal;

  const answeredBy =
    (...undecided: readonly number[]): Answer =>
    (sql) => {
      if (sql.includes("AS now")) return [{ now: "2026-01-01 00:00:00+00" }];
      if (!sql.includes("AS undecided")) return [{ found: 1000 }];
      return [{ undecided: undecided[Math.min(asked++, undecided.length - 1)] }];
    };
  let asked = 0;
  beforeEach(() => {
    asked = 0;
  });

  test("is asked for again while something is under way, or a server does not answer", async () => {
    const { ran, readings } = await check(answeredBy(3, 1, 0), signal, workload, citus);
    expect(ran.filter((line) => line.includes("recover_prepared"))).toHaveLength(3);
    expect(readings[0]).toMatchObject({ found: 1000, problem: null });
  });

  test("makes all invariants unknown where it stays undecided", async () => {
    const { readings, tookMs } = await check(answeredBy(2), signal, workload, citus);
    expect(tookMs).toBeLessThan(70_000);
    for (const { found, problem } of readings) {
      expect(found).toBeNull();
      expect(problem).toMatch(/left prepared within 60 s; found 2 that are not decided/);
    }
  });

  test("is decided before anything is read, where there can be any", async () => {
    const { ran } = await check(answeredBy(0), signal, workload, citus);
    expect(ran[1]).toBe("haproxy:5432 SELECT recover_prepared_transactions()");
    expect(ran[2]).toMatch(/pg_prepared_xacts .* prepared <= '2026-01-01 00:00:00\+00'/);
    const elsewhere = await check(() => [{ found: 1000 }]);
    expect(elsewhere.ran.some((line) => line.includes("recover_prepared"))).toBe(false);
  });

  test("makes all invariants unknown where it cannot be decided, and says why", async () => {
    const { readings, ran } = await check(
      (sql) => {
        if (sql.includes("recover_prepared")) throw sqlFailure(sql, "42501", "permission denied");
        return [{ found: 1000 }];
      },
      ...([signal, workload, citus] as const),
    );
    expect(ran).toHaveLength(2);
    expect(readings).toHaveLength(workload.invariants.length);
    for (const { found, problem } of readings) {
      expect(found).toBeNull();
      expect(problem).toMatch(/have decided what crashes left prepared.*permission denied/);
    }
  });
});

test("what breaks an invariant is named; where it holds, or names cannot be read, it is read all the same", async () => {
  const transfers = findWorkload("cross-shard-transfer", { tenants: 10, accountsPerTenant: 1 })!;
  const torn = transfers.invariants.find(({ naming }) => naming !== undefined)!;
  const signal = new AbortController().signal;
  const readTorn = async (found: number, named: () => readonly { readonly named: string }[]) => {
    const answer: Answer = (sql) =>
      sql === torn.naming ? named() : [{ found: sql === torn.sql ? found : 0 }];
    const { readings } = await check(answer, signal, transfers);
    return readings.find(({ title }) => title === torn.title)!;
  };
  const two = () => [{ named: "transfer 7: debit of tenant 1 without its credit" }, { named: "transfer 9" }];
  expect(await readTorn(3, two)).toMatchObject({
    found: 3,
    evidence: "transfer 7: debit of tenant 1 without its credit; transfer 9; and 1 more.",
  });
  expect((await readTorn(0, two)).evidence).toBeUndefined();
  const unreadable = () => {
    throw sqlFailure("naming", "42P01");
  };
  expect(await readTorn(3, unreadable)).toMatchObject({
    found: 3,
    problem: null,
    evidence: expect.stringContaining("was not named") as string,
  });
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

describe("inserts, whose rows carry their numbers", () => {
  const acknowledged = numbers(0, 99);
  const unknown = numbers(100, 109);
  const lost = numbers(20, 29);
  const counts = { insert: { ok: 100, failed: 0, unknown: 10 } };

  test("10 lost rows and 10 unknown writes that took effect cancel out in the count, and not id by id", async () => {
    const there = [...acknowledged, ...unknown].filter((number) => !lost.includes(number));
    expect(there).toHaveLength(100);
    const { readings } = await checkInserts({ told: [toldOf(acknowledged, unknown)], there, counts });
    expect(readings.slice(0, 2).map((one) => [one.title, one.found, invariantHeld(one)])).toEqual([
      ["no acknowledged insert is missing", 10, "fail"],
      ["no insert is there that failed or was never sent", 0, "pass"],
    ]);
    expect(readings[0]!.missingIds).toEqual(lost.map((number) => FIRST_ID + number));
    expect(readings[0]!.evidence).toBe(
      "Id by id: of 100 that were acknowledged, 10 are missing (ids 1000000020, 1000000021, 1000000022, 1000000023, " +
        "1000000024, 1000000025, 1000000026, 1000000027, 1000000028, 1000000029); of 10 of unknown outcome, 10 took effect.",
    );
  });

  test("rows that failed or that no stage sent are found", async () => {
    const { readings } = await checkInserts({
      told: [toldOf(acknowledged, [], [110])],
      there: [...acknowledged, 110, 111],
      elsewhere: 3,
      counts: { insert: { ok: 100, failed: 1, unknown: 0 } },
    });
    expect(readings[1]).toMatchObject({
      found: 5,
      evidence: "Of 1 that failed, 1 are there; so are 4 that no stage sent.",
    });
  });

  test("of an engine that tells no ids are counted, and a loss may hide behind writes of unknown outcome", async () => {
    const { readings } = await checkInserts({ told: [], there: acknowledged, counts });
    expect(readings[0]).toMatchObject({
      found: 100,
      atLeast: 100,
      atMost: 110,
      evidence: "The engine did not tell of each row what became of it: rows were counted.",
    });
    expect(invariantHeld(readings[0]!)).toBe("unknown");
  });

  test("where not all was told, what is lost of that which was is found beside the count", async () => {
    const { readings } = await checkInserts({
      told: [toldOf(numbers(0, 49))],
      there: numbers(1, 105),
      counts,
    });
    expect(readings.slice(0, 2).map(({ title, found }) => [title, found])).toEqual([
      ["every acknowledged insert is there, and no other but those of unknown outcome", 105],
      ["no acknowledged insert is missing", 1],
    ]);
  });

  test("more rows than were told of, after a stage that broke off, say nothing", async () => {
    const { readings } = await checkInserts({
      told: [],
      there: numbers(0, 119),
      counts,
      brokenOff: 'stage "calm" broke off (stage-not-ended)',
    });
    expect(readings[0]).toMatchObject({
      found: null,
      problem: expect.stringContaining("broke off") as string,
    });
  });

  test("ids that cannot be read are a problem, and why is said", async () => {
    const { readings } = await checkInserts({ told: [toldOf(acknowledged, unknown)], there: null, counts });
    expect(readings[0]).toMatchObject({ found: null, problem: expect.stringContaining("42P01") as string });
  });
});

const FIRST_ID = 1_000_000_000;

/** There: the numbers of the stage whose rows are in the table; null: there is no table. */
async function checkInserts(situation: {
  readonly told: readonly WriteOutcomes[];
  readonly there: readonly number[] | null;
  readonly elsewhere?: number;
  readonly counts: Readonly<Record<string, OperationCount>>;
  readonly brokenOff?: string;
}) {
  const { told, there, elsewhere = 0, counts, brokenOff = null } = situation;
  const clock = fakeClock();
  const agent = fakeSqlRunner({
    clock,
    tookMs: 10,
    answer: (sql) => {
      if (there === null) throw sqlFailure(sql, "42P01", "no table");
      const [, from, to] = /between (\d+) and (\d+)\)? as present/.exec(sql) ?? [];
      if (from !== undefined) {
        const ids = there.map((number) => FIRST_ID + number);
        return ids
          .filter((id) => id >= Number(from) && id <= Number(to))
          .map((id) => ({ from: String(id), to: String(id) }));
      }
      if (sql.includes("id > 0 and not")) return [{ found: String(elsewhere) }];
      return [{ found: sql === "select count(*) as found from inserts" ? there.length : 0 }];
    },
  });
  const checking = checkInvariants({
    workload: findWorkload("insert")!,
    counts,
    told,
    brokenOff,
    variant: "",
    agent,
    topology: fakeTopology(),
    clock,
    signal: new AbortController().signal,
  });
  await clock.run();
  return { readings: await checking };
}

function toldOf(
  ok: readonly number[],
  unknown: readonly number[] = [],
  failed: readonly number[] = [],
): WriteOutcomes {
  const told = noOutcomes("insert", FIRST_ID);
  for (const number of ok) told.numbers.ok.add(number);
  for (const number of unknown) told.numbers.unknown.add(number);
  for (const number of failed) told.numbers.failed.add(number);
  return told;
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
