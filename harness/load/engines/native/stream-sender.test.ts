import { expect, test } from "vitest";
import type { WorkloadOperation } from "../../../model/workload.ts";
import { writeProbe } from "../../../workloads/ledger.ts";
import { startPostgresStub, type PostgresStub, type StubAnswer } from "../../agent/postgres-stub.fake.ts";
import type { SampleRow } from "../../protocol/sample-row.ts";
import { createAddressCache } from "../../wire/address-cache.ts";
import { dialEntry } from "./dial-entry.ts";
import { engineClock } from "./schedule/engine-clock.ts";
import type { OpenSchedule } from "./schedule/open-schedule.ts";
import { compileOperation } from "./sessions/compile-operation.ts";
import { Deadlines } from "./sessions/deadlines.ts";
import { NewestFirstSessions } from "./sessions/newest-first-sessions.ts";
import { startStreamSender, type Stream } from "./stream-sender.ts";

interface Settings {
  readonly timeoutMs?: number;
  readonly inFlightLimit?: number;
  readonly limit?: number;
  readonly operation?: WorkloadOperation;
}

const insert = "insert into dpg_ledger (id) values ($1)";
const plainWrite: WorkloadOperation = {
  ...writeProbe.operation,
  statements: [{ sql: insert, uses: ["id"] }],
};

/** A sender of one stream, whose operations are due at these moments. Milliseconds from now. */
function sending({ port }: Pick<PostgresStub, "port">, dueMs: readonly number[], settings: Settings = {}) {
  const { timeoutMs = 1000, inFlightLimit = 64, limit = Infinity, operation = plainWrite } = settings;
  const epochNs = process.hrtime.bigint();
  const clock = engineClock(epochNs);
  const lost: string[] = [];
  const sessions = new NewestFirstSessions({
    dial: dialEntry({
      at: { host: "127.0.0.1", port },
      login: { database: "bench", user: "someone", password: "secret" },
      addressOf: createAddressCache(),
      copies: false,
    }),
    nowUs: clock.nowUs,
    limit,
    dialLimit: Infinity,
    keep: 4,
    onFirstServed: () => undefined,
    onLost: (code) => lost.push(code),
  });
  const stream: Stream = {
    name: "write-probe",
    route: {
      operation: compileOperation(operation, 0, { named: false, keepsRow: true }),
      sessions,
      deadlines: new Deadlines(),
      timeoutUs: timeoutMs * 1000,
    },
    isProbe: true,
    acknowledgement: writeProbe.acknowledgement,
    schedule: dueAt(dueMs),
    random: () => 0,
    inFlightLimit,
  };
  const startedUs = Math.round(clock.nowUs());
  const onError = (error: Error): void => {
    throw error;
  };
  const sender = startStreamSender({ streams: [stream], startedUs, clock, epochNs, onError });
  const rows: SampleRow[] = [];
  const take = () => {
    const [taken] = sender.recorder.takeRows();
    rows.push(...taken!.rows);
    return taken!;
  };
  /** Until so many operations have completed. */
  const until = async (count: number): Promise<readonly SampleRow[]> => {
    for (take(); rows.length < count; take()) await new Promise((resolve) => setTimeout(resolve, 1));
    return rows;
  };
  const all = async (): Promise<readonly SampleRow[]> => {
    await until(dueMs.length);
    sender.stop();
    await sender.ended;
    return rows;
  };
  return { sender, startedUs, lost, take, until, all };
}

function dueAt(dueMs: readonly number[]): OpenSchedule {
  let next = 0;
  return {
    get number() {
      return next;
    },
    get dueUs() {
      return (dueMs[next] ?? Infinity) * 1000;
    },
    advance: () => {
      next += 1;
    },
  };
}

async function outcomeOf(answer: StubAnswer, timeoutMs = 1000): Promise<readonly [string, string | null]> {
  await using stub = await startPostgresStub(() => answer);
  const [row] = await sending(stub, [0], { timeoutMs }).all();
  return [row![4], row![5]];
}

test("an acknowledged write is ok, and the server got its number", async () => {
  await using stub = await startPostgresStub();
  const { all, startedUs } = sending(stub, [0]);
  const [row] = await all();
  expect(row).toEqual([1, startedUs, expect.any(Number), expect.any(Number), "ok", null]);
  expect(row!.slice(1, 4).every(Number.isInteger)).toBe(true);
  expect(stub.statements).toEqual([{ sql: insert, values: ["1"] }]);
});

test("a write that was acknowledged says by whom, and one that was not does not", async () => {
  const answers: StubAnswer[] = [
    { kind: "error", code: "25006", severity: "ERROR" },
    { kind: "row", values: ["00000003", "10.0.0.5"] },
  ];
  await using stub = await startPostgresStub(() => answers.pop() ?? { kind: "silence" });
  const [acknowledged, refused] = await sending(stub, [0, 50]).all();
  expect(acknowledged![6]).toEqual({ timeline: 3, address: "10.0.0.5" });
  expect(refused).toHaveLength(6);
});

test("a statement is parsed anew for every operation, by no name", async () => {
  await using stub = await startPostgresStub();
  await sending(stub, [0, 1, 2, 3, 4, 5, 6, 7]).all();
  expect(stub.parsed).toEqual(Array(8).fill(""));
});

test("a CommandComplete is no acknowledgement: the commit comes after it", async () => {
  expect(await outcomeOf({ kind: "complete-then-error", code: "57P01" })).toEqual(["unknown", "57P01"]);
  expect(await outcomeOf({ kind: "complete-then-close" })).toEqual(["unknown", "CONNECTION_LOST"]);
});

test("a write acknowledged with a warning that its standby was not waited for is unknown", async () => {
  expect(await outcomeOf({ kind: "complete-with-warning", code: "01000" })).toEqual(["unknown", "01000"]);
});

test("an error tells whether the write took effect, a lost connection and silence do not", async () => {
  expect(await outcomeOf({ kind: "error", code: "25006", severity: "ERROR" })).toEqual(["failed", "25006"]);
  expect(await outcomeOf({ kind: "error", code: "57P01", severity: "FATAL" })).toEqual(["unknown", "57P01"]);
  expect((await outcomeOf({ kind: "close" }))[0]).toBe("unknown");
  expect(await outcomeOf({ kind: "silence" }, 100)).toEqual(["unknown", "CLIENT_TIMEOUT"]);
});

test("a refused connection is a definite failure", async () => {
  const stub = await startPostgresStub();
  await stub[Symbol.asyncDispose]();
  const [row] = await sending(stub, [0]).all();
  expect(row).toMatchObject({ 4: "failed", 5: "ECONNREFUSED" });
});

test("whoever waits for a connection until its time is over was not served, and nothing of it was sent", async () => {
  await using stub = await startPostgresStub(() => ({ kind: "silence" }));
  const rows = await sending(stub, [0, 0], { timeoutMs: 200, limit: 1 }).all();
  expect(rows.map(([id, , , , outcome, code]) => [id, outcome, code])).toEqual([
    [1, "unknown", "CLIENT_TIMEOUT"],
    [2, "failed", "CONNECT_TIMEOUT"],
  ]);
  expect(stub.statements).toHaveLength(1);
});

test("operations that find no idle connection dial their own, and surplus connections are closed", async () => {
  await using stub = await startPostgresStub();
  const { until, sender } = sending(stub, Array<number>(20).fill(0));
  expect((await until(20)).every(([, , , , outcome]) => outcome === "ok")).toBe(true);
  expect(stub.connectionsMade).toBeGreaterThan(1);
  // Resolves when no more than the four that are kept are left.
  while (stub.connectionsOpen > 4) await new Promise((resolve) => setTimeout(resolve, 1));
  sender.stop();
  await sender.ended;
  while (stub.connectionsOpen > 0) await new Promise((resolve) => setTimeout(resolve, 1));
});

test("a connection on which an operation timed out is not used again, and its loss is told once", async () => {
  let answers = 0;
  await using stub = await startPostgresStub(() => ({ kind: ++answers === 2 ? "silence" : "complete" }));
  const { all, lost } = sending(stub, [0, 400, 1300], { timeoutMs: 600 });
  await all();
  expect(stub.connectionsMade).toBe(2);
  expect(lost).toEqual(["CLIENT_TIMEOUT"]);
});

test("beyond the bound on operations in inFlight an operation is recorded as never sent", async () => {
  await using stub = await startPostgresStub(() => ({ kind: "silence" }));
  const { until, all, sender } = sending(stub, [0, 0, 0], { timeoutMs: 200, inFlightLimit: 2 });
  const [first] = await until(1);
  expect(first).toMatchObject([3, expect.any(Number), first![3], first![2], "failed", "NEVER_SENT"]);
  expect(sender.recorder.neverSentSoFar).toBe(1);
  expect((await all()).map(([id]) => id)).toEqual([3, 1, 2]);
});

test("an operation that its own client began too late is never sent, not blamed on the server", async () => {
  await using stub = await startPostgresStub();
  const [row] = await sending(stub, [-1500]).all();
  expect(row).toMatchObject({ 4: "failed", 5: "NEVER_SENT" });
  expect(stub.statements).toEqual([]);
});

test("what is known reaches to the oldest operation in inFlight, and else to the next that is due", async () => {
  await using stub = await startPostgresStub(() => ({ kind: "silence" }));
  const { startedUs, take, until, sender } = sending(stub, [0, 60_000], { timeoutMs: 100 });
  while (stub.statements.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  if (take().rows.length === 0) expect(take().knownToUs).toBe(startedUs);
  await until(1);
  expect(take().knownToUs).toBe(startedUs + 60_000_000);
  sender.stop();
  await sender.ended;
  expect(take().knownToUs).toBe(startedUs + 60_000_000);
});
