import { expect, test } from "vitest";
import type { ClusterWatch } from "../model/capabilities.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { HarnessError } from "../model/errors.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeSqlRunner, sqlFailure } from "../model/sql-runner.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import type { Workload } from "../model/workload.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { prepareDatabases } from "./prepare-databases.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { quietProgress } from "../model/progress.fake.ts";

/** 120,000 rows: three statements. */
const workload = findWorkload("update-one", { rows: 120_000 })!;
const [, second] = workload.seed as [string, string, string];
const READY_MS = 30_000;

type Answer = Parameters<typeof fakeSqlRunner>[0]["answer"];

/** Prepares a cluster of fakes; `answer` says what the database says, or undefined for what an empty one would. */
async function prepare(
  answer: (...asked: Parameters<Answer>) => ReturnType<Answer> | undefined,
  { tookMs = 10, of = workload }: { readonly tookMs?: number; readonly of?: Workload | null } = {},
) {
  const clock = fakeClock();
  const topology = fakeTopology();
  const layout = layOut(topology);
  const view = viewAfter(layout);
  const agent = fakeSqlRunner({ clock, tookMs, answer: (...asked) => answer(...asked) ?? [] });
  const details: string[] = [];
  const preparing = prepareDatabases({
    topology,
    layout,
    workload: of,
    agent,
    watch: watchOf(view),
    clock,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    progress: { step: () => undefined, detail: (text) => void details.push(text), note: () => undefined },
    remainingMs: () => Math.max(1, READY_MS - clock.nowUs() / 1000),
  });
  let failure: unknown = null;
  const prepared = preparing.catch((error: unknown) => {
    failure = error;
    return null;
  });
  await clock.run();
  return { prepared: await prepared, failure, ran: agent.ran, details, tookMs: clock.nowUs() / 1000 };
}

function watchOf(view: ReturnType<typeof viewAfter>): ClusterWatch {
  return {
    view: () => view,
    waitUntil: ({ holds }) => Promise.resolve(holds(view) ? 0 : expect.fail("not so in the view")),
    nextLoopTick: () => Promise.resolve(0),
  };
}

/** How often a statement that contains this text ran. */
function times(ran: readonly string[], text: string): number {
  return ran.filter((line) => line.includes(text)).length;
}

/** When the coordinators' table was dropped. */
/** When the coordinators' table itself was dropped, before whatever of that name the workers have. */
function droppedAt(ran: readonly string[]): readonly number[] {
  return ran.flatMap((line, index) => (line.endsWith(" DROP TABLE IF EXISTS update_one") ? [index] : []));
}

const fills = "insert into update_one";

test("tables are made on every group, filled through the clients' way in, settled, and only then recorded as filled", async () => {
  const { prepared, failure, ran, details } = await prepare(() => undefined);
  expect(failure).toBeNull();
  expect(prepared!.fillingMs).toBeGreaterThan(0);
  const steps = [
    "', false)",
    "CREATE TABLE IF NOT EXISTS update_one",
    fills,
    "VACUUM (ANALYZE) update_one",
    "CHECKPOINT",
  ];
  const order = [...steps, "', true)"].map((step) => ran.findLastIndex((line) => line.includes(step)));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order[0]).toBeGreaterThanOrEqual(0);
  expect(order.at(-1)).toBe(ran.length - 1);
  expect(ran[order[2]!]).toMatch(/^haproxy:5432 /);
  expect(details).toEqual([
    "filling update-one: 1 of 3",
    "filling update-one: 2 of 3",
    "filling update-one: 3 of 3",
    "settling the tables of update-one",
  ]);
});

test("statements whose order is nothing run two at a time, all others one after the other", async () => {
  const searches = findWorkload("vector-knn", { rows: 100_000, queries: 1000 })!;
  const { failure, tookMs, ran } = await prepare(() => undefined, { of: searches, tookMs: 100 });
  expect(failure).toBeNull();
  expect(times(ran, "insert into vector_knn_truth")).toBe(4);
  const serial = await prepare(() => undefined, { of: { ...searches, filledInAnyOrder: [] }, tookMs: 100 });
  expect(serial.tookMs - tookMs).toBe(200);
});

test("without a workload only the probes' own table is made", async () => {
  const { ran } = await prepare(() => undefined, { of: null });
  expect(ran).toHaveLength(1);
  expect(ran[0]).toContain("CREATE TABLE IF NOT EXISTS dpg_ledger");
});

/** A database that keeps its record, and whose invariants find what is given. */
function recordingDatabase(found: readonly number[]) {
  let record: readonly Record<string, unknown>[] = [];
  return (statement: string) => {
    const [, fingerprint, filled] = /values \('update-one', '(\w+)', (\w+)\)/.exec(statement) ?? [];
    if (fingerprint !== undefined) record = [{ fingerprint, filled: filled === "true" }];
    if (statement.startsWith("select fingerprint")) return record;
    const invariant = workload.invariants.findIndex(({ sql }) => sql === statement);
    return invariant < 0 ? [] : [{ found: String(found[invariant]) }];
  };
}

const asFilled = workload.invariants.map(({ bounds }) => bounds({}).atLeast);

test("data that is there already and untouched is not filled again", async () => {
  const database = recordingDatabase(asFilled);
  await prepare(database);
  const { ran, details, failure } = await prepare(database);
  expect(failure).toBeNull();
  expect([times(ran, fills), times(ran, "DROP"), times(ran, "VACUUM")]).toEqual([0, 0, 0]);
  expect(details).toEqual(["update-one is filled already"]);
});

test("data that operations have changed is dropped and filled anew", async () => {
  const database = recordingDatabase(asFilled.with(2, 1));
  await prepare(database);
  const { ran } = await prepare(database);
  expect(droppedAt(ran).filter((index) => ran[index]!.includes("coordinator"))).toHaveLength(1);
  expect(times(ran, fills)).toBe(3);
});

test("data for other values is dropped, made and filled anew, and the probes' ledger is left alone", async () => {
  const database = recordingDatabase(asFilled);
  await prepare(database);
  const { ran } = await prepare(database, { of: findWorkload("update-one", { rows: 60_000 })! });
  const made = ran.findLastIndex((line) => line.includes("CREATE TABLE IF NOT EXISTS update_one"));
  const [dropped] = droppedAt(ran);
  expect(made).toBeGreaterThan(dropped!);
  expect(times(ran, fills)).toBe(2);
  expect(ran.filter((line) => line.includes("DROP") && line.includes("dpg_"))).toEqual([]);
});

test("filling that was begun and not ended goes on with the same statements, without dropping", async () => {
  const database = recordingDatabase(asFilled);
  const first = await prepare((statement) => {
    if (statement === second) throw sqlFailure(statement, "42601");
    return database(statement);
  });
  expect(first.failure).toBeInstanceOf(HarnessError);
  const { ran, failure } = await prepare(database);
  expect([failure, times(ran, "DROP"), times(ran, fills)]).toEqual([null, 0, 3]);
});

test.each([
  ["42601", "syntax error at or near"],
  ["23514", "violates check constraint"],
  ["53100", "could not extend file: No space left on device"],
])("a seed statement that fails with %s ends it at once, and is named", async (code, text) => {
  const { failure, ran, tookMs } = await prepare((statement) => {
    if (statement === second) throw sqlFailure(statement, code, text);
    return undefined;
  });
  expect(failure).toBeInstanceOf(HarnessError);
  const { message, hint } = failure as HarnessError;
  expect(message).toMatch(/^Expected to fill update-one \(statement 2 of 3\) at haproxy:5432, got: /);
  expect(message).toContain("insert into update_one");
  expect(message).toContain(`${code}: ${text}`);
  expect(hint).toContain(code === "53100" ? "free space" : "would fail again");
  expect(times(ran, fills)).toBe(2);
  expect(tookMs).toBeLessThan(1000);
  expect(times(ran, "', true)")).toBe(0);
});

test.each(["57P03", "ECONNREFUSED", "25006", "57P01", "CONNECTION_LOST"])(
  "a seed statement that fails with %s is tried again",
  async (code) => {
    let left = 4;
    const { failure, ran } = await prepare((statement) => {
      if (statement === second && left-- > 0) throw sqlFailure(statement, code);
      return undefined;
    });
    expect([failure, times(ran, fills)]).toEqual([null, 3 + 4]);
  },
);

test("a seed statement that goes on failing ends when its own budget is over, whatever becoming ready may take", async () => {
  const { failure, tookMs } = await prepare((statement) => {
    if (statement === second) throw sqlFailure(statement, "ECONNREFUSED");
    return undefined;
  });
  expect((failure as HarnessError).message).toMatch(
    /^Expected to fill update-one \(statement 2 of 3\) at haproxy:5432 within the 120 s of each .*ECONNREFUSED/s,
  );
  expect(tookMs).toBeGreaterThan(120_000);
  expect(tookMs).toBeLessThan(122_000);
});

test("filling that takes longer than becoming ready may is no failure, and says how long it took", async () => {
  const { prepared, failure } = await prepare(
    (statement) => (statement.startsWith("insert") ? [] : undefined),
    {
      tookMs: 12_000,
      of: findWorkload("update-one", { rows: 1 })!,
    },
  );
  expect(failure).toBeNull();
  expect(prepared!.fillingMs).toBeGreaterThan(READY_MS);
});

test("making tables is tried again when another try is still at it", async () => {
  let left = 2;
  const { failure } = await prepare((statement) => {
    if (statement.startsWith("CREATE TABLE IF NOT EXISTS update_one") && left-- > 0)
      throw sqlFailure(statement, "23505");
    return undefined;
  });
  expect(failure).toBeNull();
});

test("making tables that never can be made ends at once", async () => {
  const { failure, tookMs } = await prepare((statement) => {
    if (statement.startsWith("CREATE")) throw sqlFailure(statement, "42601");
    return undefined;
  });
  expect((failure as HarnessError).message).toMatch(/^Expected to create tables on the coordinators/);
  expect(tookMs).toBeLessThan(1000);
});

test("a checkpoint that is not allowed is left out; any other failure of it counts", async () => {
  const forbidden = await prepare((statement) => {
    if (statement === "CHECKPOINT") throw sqlFailure(statement, "42501");
    return undefined;
  });
  expect(forbidden.failure).toBeNull();
  const failed = await prepare((statement) => {
    if (statement === "CHECKPOINT") throw sqlFailure(statement, "53100");
    return undefined;
  });
  expect((failed.failure as HarnessError).message).toContain("53100");
});

test("an interrupt ends the trying", async () => {
  const clock = fakeClock();
  const topology = fakeTopology();
  const layout = layOut(topology);
  const interrupted = new AbortController();
  const preparing = prepareDatabases({
    topology,
    layout,
    workload,
    agent: fakeSqlRunner({
      clock,
      tookMs: 10,
      answer: (statement) => {
        if (statement === second) {
          interrupted.abort(new Error("interrupted"));
          throw sqlFailure(statement, "ECONNREFUSED");
        }
        return [];
      },
    }),
    watch: watchOf(viewAfter(layout)),
    clock,
    signal: interrupted.signal,
    onEvent: () => undefined,
    progress: quietProgress,
    remainingMs: () => READY_MS,
  });
  const outcome = expect(preparing).rejects.toThrow("interrupted");
  await clock.run();
  await outcome;
});
