import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import type { EncodedHistogram } from "../../../model/stage.ts";
import type { WorkloadOperation } from "../../../model/workload.ts";
import { fakeDatabase, type FakeAnswer } from "./sessions/database.fake.ts";
import { sendStage, stageLoad, total, type SentStage } from "./send-stage.fake.ts";

const open = (perSecond: number) =>
  ({ kind: "open", arrival: "constant", rate: { kind: "constant", perSecond } }) as const;
const closed = (clients: number, thinkTimeMs = 0) => ({ kind: "closed", clients, thinkTimeMs }) as const;
const phases = { warmupSeconds: 0.1, steadySeconds: 0.3, coolDownSeconds: 0.1 };
const steadyOnly = { warmupSeconds: 0, steadySeconds: 0.3, coolDownSeconds: 0 };

const transaction: Partial<WorkloadOperation> = {
  name: "transaction",
  kind: "write",
  form: "transaction",
  statements: [
    { sql: "update one", uses: ["id"] },
    { sql: "update two", uses: [] },
  ],
};

function countsOf(histograms: readonly EncodedHistogram[]): number {
  return histograms.reduce(
    (sum, each) => sum + (each === null ? 0 : decodeFromCompressedBase64(each).totalCount),
    0,
  );
}

function highest(sent: SentStage, of: "latency" | "noticed" | "serviceTime"): number {
  const all = sent.seconds.flatMap(({ operations }) => operations.map((each) => each[of] ?? null));
  return Math.max(...all.map((each) => (each === null ? 0 : decodeFromCompressedBase64(each).maxValue)));
}

test("an open stage sends every operation of its schedule once, in the phases of their intended starts", async () => {
  const database = fakeDatabase();
  const sent = await sendStage(stageLoad({ shape: open(400), phases }), database.dial);
  expect(sent.end).toEqual({ kind: "complete" });
  expect(
    ["warmup", "steady", "cool-down"].map((phase) => total(sent, "select", phase as "steady").ok),
  ).toEqual([40, 120, 40]);
  const ids = database.statements.map(({ values }) => values[0]);
  expect(ids).toEqual(ids.map((_, index) => 1 + index));
  expect(sent.samples).toHaveLength(200);
  expect(database.open).toBe(0);
});

test("histograms hold every operation: latency and service time those that ended ok, lag those that were sent", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) => ({ kind: "answer", code: statement % 10 === 0 ? "23505" : null }),
  });
  const sent = await sendStage(stageLoad({ shape: open(400), phases }), database.dial);
  const seconds = sent.seconds.flatMap(({ operations }) => operations);
  expect(countsOf(seconds.map(({ latency }) => latency))).toBe(180);
  expect(countsOf(seconds.map(({ serviceTime }) => serviceTime))).toBe(180);
  expect(countsOf(seconds.map(({ lag }) => lag))).toBe(200);
  expect(total(sent)).toMatchObject({ ok: 180, failed: { "23505": 20 } });
});

test("agents that send shares of a stage send together what one would have sent", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: { ...open(400), arrival: "poisson" }, phases });
  const [one, other] = await Promise.all([
    sendStage(load, database.dial, undefined, { agent: 1, of: 2 }),
    sendStage(load, database.dial, undefined, { agent: 2, of: 2 }),
  ]);
  const alone = fakeDatabase();
  await sendStage(load, alone.dial);
  const ids = ({ statements }: typeof database) => statements.map(({ values }) => Number(values[0]));
  expect(ids(database).sort((a, b) => a - b)).toEqual(ids(alone));
  expect(total(one).ok + total(other).ok).toBe(alone.statements.length);
  expect(new Set(one.seconds.map(({ client }) => client.agent))).toEqual(new Set([1]));
  expect(new Set(other.seconds.map(({ client }) => client.agent))).toEqual(new Set([2]));
});

test("a closed stage has one operation of each client under way, on its own connection", async () => {
  const database = fakeDatabase({ answer: () => ({ kind: "answer", code: null, afterMs: 20 }) });
  const sent = await sendStage(stageLoad({ shape: closed(3), phases: steadyOnly }), database.dial);
  expect(database.dials).toBe(3);
  const { ok } = total(sent);
  expect(ok).toBe(database.statements.length);
  expect(ok).toBeGreaterThanOrEqual(3);
  expect(ok).toBeLessThanOrEqual(3 * 16);
  expect(sent.seconds.at(-1)!.client).toMatchObject({ connectionsOpen: 3 });
});

test("a think time lies between an answer and the client's next operation", async () => {
  const database = fakeDatabase();
  const sent = await sendStage(stageLoad({ shape: closed(2, 50), phases: steadyOnly }), database.dial);
  expect(total(sent).ok).toBeLessThanOrEqual(2 * 6);
  expect(total(sent).ok).toBeGreaterThanOrEqual(2);
});

test("closed operations have numbers of their own, whichever agent sends them", async () => {
  const load = stageLoad({ shape: closed(3), phases: steadyOnly });
  const database = fakeDatabase({ answer: () => ({ kind: "answer", code: null, afterMs: 10 }) });
  await Promise.all([1, 2].map((agent) => sendStage(load, database.dial, undefined, { agent, of: 2 })));
  const ids = database.statements.map(({ values }) => Number(values[0]));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([1, 2, 3]));
});

test("clients that keep to one operation are divided by weight", async () => {
  const database = fakeDatabase({ answer: () => ({ kind: "answer", code: null, afterMs: 10 }) });
  const operations = [
    { name: "short", weight: 3 },
    { name: "long", weight: 1, statements: [{ sql: "long $1", uses: ["id"] }] },
  ];
  const client = { mix: "per-client" } as const;
  await sendStage(stageLoad({ shape: closed(4), phases: steadyOnly, operations, client }), database.dial);
  const first = database.statements.filter(({ values }) => Number(values[0]) <= 4);
  expect(first.filter(({ sql }) => sql.startsWith("long"))).toHaveLength(1);
});

test("a server that stops answering for ever ends every operation at its time-out, and the stage at its end", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) => (statement > 20 ? { kind: "silence" } : { kind: "answer", code: null }),
  });
  const load = stageLoad({ shape: open(400), phases, client: { timeoutMs: 50 } });
  const sent = await sendStage(load, database.dial);
  expect(sent.end).toEqual({ kind: "complete" });
  const { ok, failed } = total(sent);
  expect(ok).toBe(20);
  expect(failed.CLIENT_TIMEOUT).toBeGreaterThanOrEqual(4);
  expect(["CLIENT_TIMEOUT", "CONNECT_TIMEOUT", "NEVER_SENT"]).toEqual(
    expect.arrayContaining(Object.keys(failed)),
  );
  expect(Object.values(failed).reduce((sum, count) => sum + count, 0)).toBe(180);
  expect(sent.samples.filter(([, row]) => row[4] === "failed")).toHaveLength(180);
});

test("a stall shows in latency from the intended start, and not in service time alone", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) => ({
      kind: "answer",
      code: null,
      ...(statement === 40 && { afterMs: 200 }),
    }),
  });
  const load = stageLoad({
    shape: open(200),
    phases: { warmupSeconds: 0, steadySeconds: 0.8, coolDownSeconds: 0 },
    client: { connections: 1, timeoutMs: 2000 },
  });
  const sent = await sendStage(load, database.dial);
  const slow = (us: (row: readonly unknown[]) => number) =>
    sent.samples.filter(([, row]) => us(row) > 50_000).length;
  // Due at 200/s while the only connection stood still for 0.2 s: about 30 waited more than 50 ms; one was served slowly.
  expect(slow((row) => Number(row[3]) - Number(row[1]))).toBeGreaterThan(20);
  expect(slow((row) => Number(row[3]) - Number(row[2]))).toBeLessThanOrEqual(5);
  expect(highest(sent, "latency")).toBeGreaterThanOrEqual(199_000);
});

test("what finds neither a connection nor a place in line is never sent", async () => {
  const database = fakeDatabase({ answer: () => ({ kind: "silence" }) });
  const load = stageLoad({
    shape: open(1000),
    phases: steadyOnly,
    client: { connections: 1, timeoutMs: 400 },
    operations: [{ timeoutMs: 60_000 }],
  });
  // The bound follows from the load's time-out: 2 x 1000/s x 0.02 s, at least 64.
  const tight = { ...load, client: { ...load.client, timeoutMs: 20 } };
  const sent = await sendStage(tight, database.dial, (sender) => {
    setTimeout(() => database.loseAll("ECONNRESET"), 350);
    setTimeout(() => sender.stop(), 400);
    const ending = setInterval(() => database.loseAll("ECONNRESET"), 5);
    void sender.ended.then(() => clearInterval(ending));
  });
  const { neverSent, failed } = total(sent);
  expect(neverSent).toBeGreaterThan(100);
  expect(failed.NEVER_SENT).toBe(neverSent);
});

test("no log-in at all refuses the stage with the server's code, after one attempt for each connection", async () => {
  const database = fakeDatabase({ logIn: () => "28P01" });
  const sent = await sendStage(stageLoad({ shape: open(100), phases }), database.dial);
  expect(sent.refusal).toEqual({ code: "28P01", text: "refused with 28P01" });
  expect(database.dials).toBe(4);
});

test("a connection that is refused while others serve counts by its code, is paced, and is tried again", async () => {
  const database = fakeDatabase({ logIn: (dial) => (dial % 3 === 0 && dial < 9 ? "53300" : null) });
  const sent = await sendStage(
    stageLoad({ shape: closed(3), phases: { ...steadyOnly, steadySeconds: 0.6 } }),
    database.dial,
    () => undefined,
  );
  expect(sent.refusal).toBeNull();
  expect(database.dials).toBeLessThan(9);
  expect(sent.seconds.at(-1)!.client.served).toBe(3);
});

test("a client that is served at two entries is one client served", async () => {
  const sent = await sendStage(
    stageLoad({
      shape: closed(3),
      phases: { ...steadyOnly, steadySeconds: 0.3 },
      operations: [
        { name: "read", endpoint: "readOnly" },
        { name: "write", endpoint: "readWrite" },
      ],
    }),
    fakeDatabase().dial,
  );
  expect(sent.seconds.at(-1)!.operations.map(({ ok }) => ok > 3)).toEqual([true, true]);
  expect(sent.seconds.at(-1)!.client.served).toBe(3);
});

test("clients whose log-ins are all refused fail by that code, and do not spin", async () => {
  const database = fakeDatabase({ logIn: (dial) => (dial > 1 ? "53300" : null) });
  const sent = await sendStage(
    stageLoad({ shape: closed(3), phases: steadyOnly, client: { timeoutMs: 5000 } }),
    database.dial,
  );
  const { failed } = total(sent);
  expect(failed["53300"]).toBeGreaterThanOrEqual(1);
  expect(database.dials).toBeLessThanOrEqual(3 + 2 * 4);
});

test("a lost connection fails what ran on it and is made again without stopping the schedule", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) =>
      statement === 50 ? { kind: "lose", code: "ECONNRESET" } : { kind: "answer", code: null },
  });
  const sent = await sendStage(stageLoad({ shape: open(400), phases }), database.dial);
  expect(total(sent)).toMatchObject({ ok: 199, failed: { ECONNRESET: 1 } });
  expect(database.dials).toBe(5);
});

test("a retried operation's latency counts from its first intended start, its service time from its last attempt", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) =>
      statement === 1 ? { kind: "answer", code: "40001", afterMs: 100 } : { kind: "answer", code: null },
  });
  const load = stageLoad({ shape: open(10), phases: steadyOnly, retry: { codes: ["40001"], attempts: 2 } });
  const sent = await sendStage(load, database.dial);
  expect(total(sent)).toMatchObject({ ok: 3, failed: {}, retried: { "40001": 1 } });
  expect(database.statements.filter(({ values }) => values[0] === 1)).toHaveLength(2);
  expect(highest(sent, "latency")).toBeGreaterThanOrEqual(100_000);
  const [, first] = sent.samples.find(([, row]) => row[0] === 1)!;
  expect(first[2] - first[1]).toBeGreaterThanOrEqual(99_000);
});

test("attempts run out, and a write that may have taken effect in an earlier one stays unknown", async () => {
  const database = fakeDatabase({
    answer: (_sql, statement) =>
      statement % 2 === 1 ? { kind: "lose", code: "CONNECTION_LOST" } : { kind: "answer", code: "40001" },
  });
  const load = stageLoad({
    shape: closed(1),
    phases: { ...steadyOnly, steadySeconds: 0.05 },
    operations: [{ kind: "write" }],
    retry: { codes: ["40001", "CONNECTION_LOST"], attempts: 2 },
  });
  const sent = await sendStage(load, database.dial);
  const { unknown, failed, retried } = total(sent);
  expect(failed).toEqual({});
  expect(unknown["40001"]).toBeGreaterThanOrEqual(1);
  expect(retried.CONNECTION_LOST).toBeGreaterThanOrEqual(1);
});

test("a transaction is begin, its statements and commit on one connection, one round trip each", async () => {
  const database = fakeDatabase();
  const load = stageLoad({
    shape: open(10),
    phases: { ...steadyOnly, steadySeconds: 0.1 },
    operations: [transaction],
  });
  const sent = await sendStage(load, database.dial);
  expect(database.statements.map(({ sql }) => sql)).toEqual(["begin", "update one", "update two", "commit"]);
  expect(total(sent, "transaction").ok).toBe(1);
});

test("an error before the commit is rolled back and has certainly failed, whatever its code", async () => {
  const database = fakeDatabase({
    answer: (sql) => ({ kind: "answer", code: sql === "update two" ? "XX000" : null }),
  });
  const load = stageLoad({
    shape: open(10),
    phases: { ...steadyOnly, steadySeconds: 0.1 },
    operations: [transaction],
  });
  const sent = await sendStage(load, database.dial);
  expect(database.statements.map(({ sql }) => sql)).toEqual([
    "begin",
    "update one",
    "update two",
    "rollback",
  ]);
  expect(total(sent, "transaction")).toMatchObject({ ok: 0, failed: { XX000: 1 }, unknown: {} });
  expect(database.dials).toBe(4);
});

test.each([
  ["update one", { failed: { ECONNRESET: 1 }, unknown: {} }],
  ["commit", { failed: {}, unknown: { ECONNRESET: 1 } }],
])("a connection lost during %s: %j", async (lostDuring, expected) => {
  const database = fakeDatabase({
    answer: (sql) =>
      sql === lostDuring ? { kind: "lose", code: "ECONNRESET" } : { kind: "answer", code: null },
  });
  const load = stageLoad({
    shape: open(10),
    phases: { ...steadyOnly, steadySeconds: 0.1 },
    operations: [transaction],
  });
  expect(total(await sendStage(load, database.dial), "transaction")).toMatchObject(expected);
});

test("a commit that is not answered in time is unknown, and its connection is made again", async () => {
  const database = fakeDatabase({
    answer: (sql, statement) =>
      sql === "commit" && statement < 6 ? { kind: "silence" } : { kind: "answer", code: null },
  });
  const load = stageLoad({
    shape: closed(1),
    phases: { ...steadyOnly, steadySeconds: 0.8 },
    client: { timeoutMs: 400 },
    operations: [transaction],
  });
  const sent = await sendStage(load, database.dial);
  expect(total(sent, "transaction").unknown).toEqual({ CLIENT_TIMEOUT: 1 });
  expect(total(sent, "transaction").ok).toBeGreaterThan(0);
  expect(database.dials).toBe(2);
});

test.each([
  ["an open load", open(1000)],
  ["clients that think", { kind: "closed", clients: 100, thinkTimeMs: 60 } as const],
])(
  "what a stall of the sender adds to %s is in the latency, and not in the time since it noticed",
  async (_, shape) => {
    const load = stageLoad({
      shape,
      phases: { ...steadyOnly, steadySeconds: 0.2 },
      client: { connections: 100 },
    });
    // The stage begins 5 ms from now: what is due in the next 60 ms is found late, on any machine.
    const stall = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 65);
    const sent = await sendStage(load, fakeDatabase().dial, stall);
    const of = (which: "latency" | "noticed"): number =>
      sent.seconds
        .flatMap(({ operations }) => operations)
        .reduce((sum, each) => {
          const histogram = each[which] == null ? null : decodeFromCompressedBase64(each[which]);
          return sum + (histogram === null ? 0 : histogram.totalCount * histogram.mean);
        }, 0);
    // Some 60 or more were due evenly over the stall: 30 ms each on average.
    expect(of("latency") - of("noticed")).toBeGreaterThan(1_000_000);
    expect(total(sent).late).toBeGreaterThan(30);
  },
);

test("of writes whose rows carry their numbers, what became of each is told at the end, number by number", async () => {
  let begun = 0;
  const database = fakeDatabase({
    answer: () => {
      begun += 1;
      if (begun % 5 === 0) return { kind: "answer", code: "23505" };
      return begun % 7 === 0 ? { kind: "lose", code: "ECONNRESET" } : { kind: "answer", code: null };
    },
  });
  const load = stageLoad({
    shape: open(200),
    phases,
    operations: [
      { name: "insert", kind: "write", ledgerTable: "inserts" },
      { name: "update", kind: "write" },
    ],
  });
  const sent = await sendStage({ ...load, firstId: 5_000_000_000 }, database.dial);
  const { ok, failed, unknown } = total(sent, "insert");
  const sum = (codes: Readonly<Record<string, number>>): number =>
    Object.values(codes).reduce((all, each) => all + each, 0);
  expect([...sent.writes.keys()]).toEqual(["insert"]);
  const { firstId, numbers } = sent.writes.get("insert")!;
  expect(firstId).toBe(5_000_000_000);
  expect([numbers.ok.size, numbers.failed.size, numbers.unknown.size]).toEqual([
    ok,
    sum(failed),
    sum(unknown),
  ]);
  expect(Math.min(ok, sum(failed), sum(unknown))).toBeGreaterThan(0);
  for (const [, row] of sent.samples.filter(([operation]) => operation === "insert")) {
    expect(numbers[row[4]].has(row[0] - firstId)).toBe(true);
  }
});

test("a COPY sends all its rows in one text", async () => {
  const database = fakeDatabase();
  const copy: Partial<WorkloadOperation> = {
    name: "copy",
    kind: "write",
    form: "copy",
    variables: [
      { name: "id", kind: "id" },
      { name: "note", kind: "choice", values: ["a\tb\\"] },
    ],
    statements: [{ sql: "copy notes from stdin", uses: ["id", "note"] }],
    rows: 3,
  };
  const load = stageLoad({
    shape: open(10),
    phases: { ...steadyOnly, steadySeconds: 0.1 },
    operations: [copy],
  });
  await sendStage(load, database.dial);
  expect(database.statements).toEqual([
    { sql: "copy notes from stdin", values: ["1\ta\\tb\\\\\n".repeat(3)] },
  ]);
});

test("with a connection for each operation, log-in is part of its time, and none is left over", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: open(200), phases, client: { sessions: "each-operation" } });
  const sent = await sendStage(load, database.dial);
  expect(total(sent).ok).toBe(100);
  // One more to see whether a log-in works at all.
  expect(database.dials).toBe(101);
  expect(database.open).toBe(0);
});

test("a log-in for one operation that never ends is given up at the operation's time-out", async () => {
  const database = fakeDatabase({ logIn: (dial) => (dial === 10 ? "never" : null) });
  const load = stageLoad({
    shape: open(200),
    phases: steadyOnly,
    client: { sessions: "each-operation", timeoutMs: 100 },
  });
  const sent = await sendStage(load, database.dial);
  expect(total(sent)).toMatchObject({ ok: 59, failed: { CONNECT_TIMEOUT: 1 } });
});

test("a pool's clients wait for any of its connections, and the wait is lag", async () => {
  const database = fakeDatabase({ answer: () => ({ kind: "answer", code: null, afterMs: 10 }) });
  const load = stageLoad({
    shape: closed(4),
    phases: steadyOnly,
    client: { sessions: "pool", connections: 1, timeoutMs: 5000 },
  });
  const sent = await sendStage(load, database.dial);
  expect(database.dials).toBe(1);
  const waited = sent.samples.filter(([, row]) => row[2] - row[1] >= 9000);
  expect(waited.length).toBeGreaterThan(sent.samples.length / 2);
});

test("arrivals by chance are sent one by one, none missed, in their order", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: { ...open(500), arrival: "poisson" }, phases });
  const sent = await sendStage(load, database.dial);
  const ids = database.statements.map(({ values }) => Number(values[0]));
  expect(ids).toEqual(ids.map((_, index) => 1 + index));
  expect(total(sent).ok).toBe(ids.length);
});

test("stopping ends a stage early with what there is", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: open(200), phases: { ...steadyOnly, steadySeconds: 60 } });
  const sent = await sendStage(load, database.dial, (sender) => setTimeout(() => sender.stop(), 200));
  expect(sent.end).toEqual({ kind: "complete" });
  expect(total(sent).ok).toBe(database.statements.length);
  const [second] = sent.seconds;
  expect(second!.toUs - second!.fromUs).toBeLessThan(1_000_000);
});

test("a client that could not even begin in time goes on with its next operation", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: closed(2), phases: steadyOnly, client: { timeoutMs: 20 } });
  const sent = await sendStage(load, database.dial, () => {
    // The whole process stands still over the first operations' time-out.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  });
  expect(total(sent).failed).toMatchObject({ NEVER_SENT: 2 });
  expect(sent.end).toEqual({ kind: "complete" });
});

test("operations that begin late count in the phase of their intended start", async () => {
  const database = fakeDatabase();
  const sent = await sendStage(stageLoad({ shape: open(400), phases }), database.dial, () => {
    // Over the end of the warm-up.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120), 60);
  });
  expect(
    ["warmup", "steady", "cool-down"].map((phase) => total(sent, "select", phase as "steady").ok),
  ).toEqual([40, 120, 40]);
  expect(total(sent, "select", "warmup").late).toBeGreaterThan(0);
});

test("an overloaded server goes on serving: who has waited too long is not sent, and costs no connection", async () => {
  const database = fakeDatabase({ answer: () => ({ kind: "answer", code: null, afterMs: 5 }) });
  const load = stageLoad({
    shape: open(1000),
    phases: { warmupSeconds: 0, steadySeconds: 1.5, coolDownSeconds: 0 },
    client: { connections: 1, timeoutMs: 500 },
  });
  const sent = await sendStage(load, database.dial);
  const { ok, failed } = total(sent);
  expect(ok).toBeGreaterThan(100);
  expect(failed.CONNECT_TIMEOUT).toBeGreaterThan(100);
  expect(database.dials).toBeLessThan(10);
});

/** Answers after so long; over one statement the whole process stands still, as a frozen container does. */
function stoppingAt(
  statement: number,
  ms: number,
  answer: FakeAnswer,
): (sql: string, sent: number) => FakeAnswer {
  return (_sql, sent) => {
    if (sent === statement) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return answer;
  };
}

test("a closed load's client that stands still says for how long, and its stall is no time of the cluster", async () => {
  const answer = { kind: "answer", code: null, afterMs: 5 } as const;
  const database = fakeDatabase({ answer: stoppingAt(20, 400, answer) });
  const load = stageLoad({ shape: closed(4), phases: { ...steadyOnly, steadySeconds: 0.8 } });
  const sent = await sendStage(load, database.dial);
  const stoodUs = sent.seconds.reduce((sum, { client }) => sum + (client.stoodStillUs ?? 0), 0);
  expect(stoodUs).toBeGreaterThanOrEqual(390_000);
  expect(highest(sent, "latency")).toBeGreaterThan(390_000);
  expect(highest(sent, "noticed")).toBeLessThan(200_000);
  expect(total(sent).stalled).toBeGreaterThanOrEqual(4);
});

test("seconds over which the client stands still are cut as planned, and its CPU time is spread over them", async () => {
  const answer = { kind: "answer", code: null, afterMs: 5 } as const;
  const database = fakeDatabase({ answer: stoppingAt(20, 2200, answer) });
  const load = stageLoad({ shape: closed(4), phases: { ...steadyOnly, steadySeconds: 3 } });
  const sent = await sendStage(load, database.dial);
  expect(sent.seconds.map(({ fromUs, toUs }) => Math.round(toUs - fromUs))).toEqual([1e6, 1e6, 1e6]);
  const stoodUs = sent.seconds.map(({ client }) => client.stoodStillUs ?? 0);
  expect(stoodUs[1]).toBe(1_000_000);
  expect(stoodUs.reduce((sum, us) => sum + us)).toBeGreaterThanOrEqual(2_190_000);
  for (const { client } of sent.seconds) {
    // A few threads: more cores than these would be more than it has.
    expect(client.cpuCores).toBeLessThan(8);
    expect(client.senderCores ?? 0).toBeLessThan(1.5);
  }
});

test("an answer that came while the client stood still over its time-out is read, and is no time-out", async () => {
  const database = fakeDatabase({ answer: stoppingAt(20, 450, { kind: "answer", code: null }) });
  const load = stageLoad({
    shape: closed(4),
    phases: { ...steadyOnly, steadySeconds: 0.8 },
    client: { timeoutMs: 200 },
  });
  const sent = await sendStage(load, database.dial);
  expect(total(sent).failed).toEqual({});
});

test("what times out after less than its time-out of the client's attention is told apart", async () => {
  const database = fakeDatabase({ answer: stoppingAt(4, 450, { kind: "silence" }) });
  const load = stageLoad({
    shape: closed(4),
    phases: { ...steadyOnly, steadySeconds: 0.4 },
    client: { timeoutMs: 300 },
  });
  const sent = await sendStage(load, database.dial);
  const { failed, cutShort } = total(sent);
  expect(failed.CLIENT_TIMEOUT).toBe(4);
  expect(cutShort).toBe(4);
});

test("operations that a client never sends since it stood still over the end of their phase are told as its own", async () => {
  // The 130th is due 75 ms before the steady phase ends.
  const database = fakeDatabase({ answer: stoppingAt(130, 400, { kind: "answer", code: null }) });
  const load = stageLoad({ shape: open(400), phases, client: { timeoutMs: 50 } });
  const sent = await sendStage(load, database.dial);
  const steady = total(sent, "select", "steady");
  expect(steady.neverSent).toBeGreaterThan(0);
  expect(steady.cutShort).toBe(Object.values(steady.failed).reduce((sum, count) => sum + count, 0));
});

test("the line that an open load has after a stall is none of the cluster's", async () => {
  // One connection, 2 ms an operation: of 40 that are due within a stall of 0.4 s the last waits for 80 ms.
  const answer = { kind: "answer", code: null, afterMs: 2 } as const;
  const database = fakeDatabase({ answer: stoppingAt(20, 400, answer) });
  const load = stageLoad({
    shape: open(100),
    phases: { ...steadyOnly, steadySeconds: 1 },
    client: { connections: 1 },
  });
  const sent = await sendStage(load, database.dial);
  expect(highest(sent, "latency")).toBeGreaterThan(390_000);
  expect(highest(sent, "noticed")).toBeLessThan(60_000);
});

test("what another thread has left to a sender that was busy is late, though it did not stand still", async () => {
  const database = fakeDatabase();
  const load = stageLoad({ shape: open(1000), phases: { ...steadyOnly, steadySeconds: 0.6 } });
  const sent = await sendStage(load, database.dial, () => {
    // Shorter than what counts as a stall.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 9), 300);
  });
  expect(Math.max(...sent.seconds.map(({ client }) => client.latenessMaxUs))).toBeGreaterThan(6000);
});
