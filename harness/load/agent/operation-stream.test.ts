import { expect, test } from "vitest";
import type { SampleRow } from "../protocol/sample-row.ts";
import { createAddressBook } from "../wire/address-book.ts";
import { Connections } from "./connections.ts";
import { OperationStream, type OperationStreamOptions } from "./operation-stream.ts";
import { startPostgresStub, type PostgresStub, type StubAnswer } from "./postgres-stub.fake.ts";

const nowUs = (): number => Math.round(performance.now() * 1000);

function streamTo(
  stub: Pick<PostgresStub, "port">,
  overrides: Partial<Pick<OperationStreamOptions, "timeoutMs" | "inFlightLimit" | "acknowledgement">> = {},
) {
  const lost: string[] = [];
  const connections = new Connections({
    at: { host: "127.0.0.1", port: stub.port },
    login: { database: "bench", user: "someone", password: "secret" },
    addressOf: createAddressBook(),
    limit: Infinity,
    dialLimit: Infinity,
    keep: 4,
    onLost: (code) => lost.push(code),
  });
  const stream = new OperationStream({
    name: "write-probe",
    kind: "write",
    sql: "insert into dpg_ledger (id) values ($1)",
    parameters: (id) => [id],
    acknowledgement: () => null,
    connections,
    timeoutMs: 1000,
    inFlightLimit: 64,
    nowUs,
    onFirstServed: () => undefined,
    ...overrides,
  });
  return { stream, connections, lost };
}

async function settled(stream: OperationStream): Promise<readonly SampleRow[]> {
  while (stream.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return stream.takeRows();
}

async function outcomeOf(
  answer: StubAnswer,
  timeoutMs = 1000,
): Promise<readonly [outcome: string, code: string | null]> {
  await using stub = await startPostgresStub(() => answer);
  const { stream, connections } = streamTo(stub, { timeoutMs });
  stream.begin(nowUs());
  const [row] = await settled(stream);
  connections.closeAll();
  return [row![4], row![5]];
}

test("an acknowledged write is ok, and the server got its number", async () => {
  await using stub = await startPostgresStub();
  const { stream, connections } = streamTo(stub);
  stream.begin(nowUs());
  expect(await settled(stream)).toMatchObject([
    [1, expect.any(Number), expect.any(Number), expect.any(Number), "ok", null],
  ]);
  expect(stub.statements).toEqual([{ sql: "insert into dpg_ledger (id) values ($1)", values: ["1"] }]);
  connections.closeAll();
});

test("a write that was acknowledged says by whom, and one that was not does not", async () => {
  const answers: StubAnswer[] = [{ kind: "error", code: "25006", severity: "ERROR" }, { kind: "complete" }];
  await using stub = await startPostgresStub(() => answers.pop() ?? { kind: "silence" });
  const { stream, connections } = streamTo(stub, {
    acknowledgement: () => ({ timeline: 3, address: "10.0.0.5" }),
  });
  stream.begin(nowUs());
  const [acknowledged] = await settled(stream);
  stream.begin(nowUs());
  const [refused] = await settled(stream);
  expect(acknowledged![6]).toEqual({ timeline: 3, address: "10.0.0.5" });
  expect(refused).toHaveLength(6);
  connections.closeAll();
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
  const { stream } = streamTo(stub);
  stream.begin(nowUs());
  expect((await settled(stream))[0]).toMatchObject({ 4: "failed", 5: "ECONNREFUSED" });
});

test("operations that find no idle connection dial their own, and surplus connections are closed", async () => {
  await using stub = await startPostgresStub();
  const { stream, connections } = streamTo(stub);
  for (let count = 0; count < 20; count += 1) stream.begin(nowUs());
  const rows = await settled(stream);
  expect(rows.every(([, , , , outcome]) => outcome === "ok")).toBe(true);
  expect(stub.connectionsMade).toBeGreaterThan(1);
  // Resolves when no more than the four that are kept are left.
  while (stub.connectionsOpen > 4) await new Promise((resolve) => setTimeout(resolve, 1));
  connections.closeAll();
});

test("a connection on which an operation timed out is not used again, and its loss is told once", async () => {
  let answers = 0;
  await using stub = await startPostgresStub(() => ({ kind: ++answers === 2 ? "silence" : "complete" }));
  const { stream, connections, lost } = streamTo(stub, { timeoutMs: 100 });
  for (let count = 0; count < 3; count += 1) {
    stream.begin(nowUs());
    await settled(stream);
  }
  expect(stub.connectionsMade).toBe(2);
  expect(lost).toEqual(["CLIENT_TIMEOUT"]);
  connections.closeAll();
});

test("beyond the bound on operations in flight an operation is recorded as never sent", async () => {
  await using stub = await startPostgresStub(() => ({ kind: "silence" }));
  const { stream } = streamTo(stub, { timeoutMs: 200, inFlightLimit: 2 });
  for (let count = 0; count < 3; count += 1) stream.begin(nowUs());
  expect(stream.takeRows()).toMatchObject([
    [3, expect.any(Number), expect.any(Number), expect.any(Number), "failed", "NEVER_SENT"],
  ]);
  expect(stream.neverSent).toBe(1);
  await settled(stream);
});

test("an operation that its own client began too late is never sent, not blamed on the server", async () => {
  await using stub = await startPostgresStub();
  const { stream } = streamTo(stub);
  stream.begin(nowUs() - 1_500_000);
  expect(stream.takeRows()[0]).toMatchObject({ 4: "failed", 5: "NEVER_SENT" });
  expect(stub.statements).toEqual([]);
});

test("what is known reaches to the oldest operation in flight", async () => {
  await using stub = await startPostgresStub(() => ({ kind: "silence" }));
  const { stream } = streamTo(stub, { timeoutMs: 100 });
  const intendedUs = nowUs();
  stream.begin(intendedUs);
  expect(stream.knownToUs(intendedUs + 10_000)).toBe(intendedUs);
  await settled(stream);
  expect(stream.knownToUs(intendedUs + 10_000)).toBe(intendedUs + 10_000);
});
