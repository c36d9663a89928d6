import { expect, test, vi } from "vitest";
import { setImmediate as turn } from "node:timers/promises";
import { readProbe } from "../../../../workloads/ledger.ts";
import type {
  EngineConnection,
  EngineDialled,
  PreparedStatement,
  Settled,
} from "../../../wire/engine-connection.ts";
import { compileOperation } from "./compile-operation.ts";
import { Deadlines } from "./deadlines.ts";
import { newInFlight, type InFlight } from "./in-flight.ts";
import { LATE_ANSWER_MS, NewestFirstSessions } from "./newest-first-sessions.ts";

/** A connection whose server answers when it is told to. */
class HeldConnection implements EngineConnection {
  readonly transaction = "idle";
  readonly readyNs: bigint;
  #settled: Settled | null = null;
  usable = true;
  onLost: (code: string) => void = () => undefined;

  constructor(readyNs: bigint) {
    this.readyNs = readyNs;
  }

  get busy(): boolean {
    return this.#settled !== null;
  }

  run(_statement: PreparedStatement, _values: readonly unknown[], settled: Settled): void {
    this.#settled = settled;
  }

  answer(code: string | null = null): void {
    const settled = this.#settled;
    this.#settled = null;
    settled?.(code, true, null, "");
  }

  close(): void {
    this.destroy("CLOSED");
  }

  destroy(code: string): void {
    if (!this.usable) return;
    this.usable = false;
    const settled = this.#settled;
    this.#settled = null;
    settled?.(code, true, null, "");
    this.onLost(code);
  }
}

/** Sessions to a server whose log-ins succeed when they are told to. */
function started(limits: { readonly limit: number; readonly dialLimit: number; readonly keep: number }) {
  const dials: { cancelled: boolean; end: (dialled: EngineDialled) => void }[] = [];
  const news: string[] = [];
  const completed: (readonly [id: number, code: string | null])[] = [];
  let nowUs = 0;
  const sessions = new NewestFirstSessions({
    ...limits,
    dial: (_withinMs, cancelled) =>
      new Promise((resolve) => {
        let ended = false;
        const end = (dialled: EngineDialled): void => {
          ended = true;
          resolve(dialled);
        };
        const dial = { cancelled: false, end };
        dials.push(dial);
        cancelled?.addEventListener("abort", () => {
          dial.cancelled = !ended;
          resolve({ kind: "not-connected", code: "CANCELLED", text: "" });
        });
      }),
    nowUs: () => nowUs,
    onFirstServed: (readyNs, againUs) =>
      news.push(againUs === null ? `ready since ${readyNs}` : `ready again since ${againUs} us`),
    onLost: (code) => news.push(`lost: ${code}`),
  });
  sessions.completed = ({ id }, _nowUs, code) => void completed.push([id, code]);
  const route = {
    operation: compileOperation(readProbe.operation, 0),
    sessions,
    deadlines: new Deadlines(),
    timeoutUs: 1000,
  };
  return {
    sessions,
    dials,
    news,
    completed,
    at: (us: number) => (nowUs = us),
    begin: (id: number, timeoutUs = 1000): InFlight => {
      const inFlight = { ...newInFlight(route), id, deadlineUs: nowUs + timeoutUs };
      sessions.begin(inFlight, nowUs);
      return inFlight;
    },
    connect: async (dial: number): Promise<HeldConnection> => {
      const connection = new HeldConnection(BigInt(dial));
      dials[dial]!.end({ kind: "connected", connection });
      await turn();
      return connection;
    },
    refuse: async (dial: number, code: string): Promise<void> => {
      dials[dial]!.end({ kind: "not-connected", code, text: "" });
      await turn();
    },
  };
}

const probe = { limit: Infinity, dialLimit: Infinity, keep: 4 };
const pool = (limit: number) => ({ limit, dialLimit: 1, keep: limit });

test("every operation that finds no idle connection dials for itself at once", async () => {
  const { begin, connect, dials, completed } = started(probe);
  for (const id of [1, 2, 3]) begin(id);
  expect(dials).toHaveLength(3);
  (await connect(2)).answer();
  expect(completed).toEqual([[3, null]]);
});

test("beyond the limit operations wait in line for a connection", async () => {
  const { begin, connect, dials, completed, sessions } = started(pool(1));
  begin(1);
  const connection = await connect(0);
  begin(2);
  expect(sessions.waiting).toBe(1);
  connection.answer();
  connection.answer();
  expect(completed).toEqual([
    [1, null],
    [2, null],
  ]);
  expect(dials).toHaveLength(1);
});

test("whoever waits in line dials when a connection is lost", async () => {
  const { begin, connect, dials, completed } = started(pool(1));
  begin(1);
  const first = await connect(0);
  begin(2);
  first.destroy("ECONNRESET");
  expect(dials).toHaveLength(2);
  (await connect(1)).answer();
  expect(completed).toEqual([
    [1, "ECONNRESET"],
    [2, null],
  ]);
});

test("a pool with a limit dials one connection at a time, as operations need them", async () => {
  const { begin, connect, dials, completed } = started(pool(3));
  for (const id of [1, 2, 3]) begin(id);
  const connections: HeldConnection[] = [];
  for (const dial of [0, 1, 2]) {
    expect(dials).toHaveLength(dial + 1);
    connections.push(await connect(dial));
  }
  for (const connection of connections) connection.answer();
  for (const id of [4, 5, 6]) begin(id);
  for (const connection of connections) connection.answer();
  expect(completed).toHaveLength(6);
  expect(dials).toHaveLength(3);
});

test("an operation that dials takes a connection that becomes free before, and gives its dial up", async () => {
  const { begin, connect, dials, completed } = started(probe);
  begin(1);
  const first = await connect(0);
  begin(2);
  expect(dials.map(({ cancelled }) => cancelled)).toEqual([false, false]);
  first.answer();
  expect(dials.map(({ cancelled }) => cancelled)).toEqual([false, true]);
  first.answer();
  expect(completed).toEqual([
    [1, null],
    [2, null],
  ]);
});

test("of those that dial and those that wait for their turn, the newest takes what becomes free", async () => {
  const { begin, connect, dials, completed } = started({ ...probe, dialLimit: 2 });
  for (const id of [1, 2, 3]) begin(id);
  expect(dials).toHaveLength(2);
  const first = await connect(0);
  expect(dials).toHaveLength(3);
  begin(4);
  for (let answers = 0; answers < 4; answers += 1) first.answer();
  expect(completed.map(([id]) => id)).toEqual([1, 4, 3, 2]);
  expect(dials.map(({ cancelled }) => cancelled)).toEqual([false, true, true]);
});

test("a connection that becomes free goes to the newest that waits, and one that gave up is passed over", async () => {
  const { begin, connect, completed, sessions } = started(pool(1));
  begin(1);
  const connection = await connect(0);
  begin(2);
  const gaveUp = begin(3);
  begin(4);
  expect(sessions.drop(gaveUp)).toBeNull();
  for (let answers = 0; answers < 3; answers += 1) connection.answer();
  expect(completed.map(([id]) => id)).toEqual([1, 4, 2]);
  expect(sessions.waiting).toBe(0);
});

test("of those that wait for their turn to dial, the newest dials first", async () => {
  const { begin, connect, completed } = started(pool(3));
  for (const id of [1, 2, 3]) begin(id);
  for (const dial of [0, 1, 2]) (await connect(dial)).answer("40001");
  expect(completed.map(([id]) => id)).toEqual([1, 3, 2]);
});

test("who has no time left gets no connection, and it goes to the next", async () => {
  const { at, begin, connect, completed } = started(pool(1));
  begin(1, 5000);
  const connection = await connect(0);
  begin(2, 5000);
  begin(3, 100);
  at(101);
  connection.answer();
  connection.answer();
  expect(completed).toEqual([
    [3, "CONNECT_TIMEOUT"],
    [1, null],
    [2, null],
  ]);
});

test("a log-in that fails fails its own operation alone, and the newest of the others dials", async () => {
  const { begin, dials, completed, refuse } = started(pool(2));
  for (const id of [1, 2, 3]) begin(id);
  await refuse(0, "ECONNREFUSED");
  expect(completed).toEqual([[1, "ECONNREFUSED"]]);
  await refuse(1, "57P03");
  expect(completed.at(-1)).toEqual([3, "57P03"]);
  expect(dials).toHaveLength(3);
});

test("an idle connection that the server closes is forgotten", async () => {
  const { begin, connect, dials, completed, refuse } = started(probe);
  begin(1);
  const first = await connect(0);
  first.answer();
  first.destroy("CONNECTION_LOST");
  begin(2);
  expect(dials).toHaveLength(2);
  await refuse(1, "ECONNREFUSED");
  expect(completed).toEqual([
    [1, null],
    [2, "ECONNREFUSED"],
  ]);
});

test("an error ends the connection it came on, and the next operation dials", async () => {
  const { begin, connect, dials, completed } = started(probe);
  begin(1);
  const first = await connect(0);
  first.answer("25006");
  expect(first.usable).toBe(false);
  expect(completed).toEqual([[1, "25006"]]);
  begin(2);
  expect(dials).toHaveLength(2);
});

test("a coordinator that cannot reach a worker keeps its connection: another would lead to the same", async () => {
  const { begin, connect, dials, completed } = started(probe);
  begin(1);
  const first = await connect(0);
  for (const [index, code] of ["08001", "08006"].entries()) {
    first.answer(code);
    expect(completed.at(-1)).toEqual([index + 1, code]);
    begin(index + 2);
  }
  expect(first.usable).toBe(true);
  expect(dials).toHaveLength(1);
});

test("surplus connections are closed, and those that are kept are used again", async () => {
  const { begin, connect, dials, sessions } = started({ ...probe, keep: 2 });
  for (const id of [1, 2, 3, 4]) begin(id);
  const connections = [await connect(0), await connect(1), await connect(2), await connect(3)];
  expect(sessions.open).toBe(4);
  for (const connection of connections) connection.answer();
  expect(sessions.open).toBe(2);
  expect(connections.filter(({ usable }) => usable)).toHaveLength(2);
  for (const id of [5, 6]) begin(id);
  expect(dials).toHaveLength(4);
});

test("of a connection, its first served operation and its loss are told once, and nothing of one that never served", async () => {
  const { begin, connect, news, sessions } = started({ ...probe, keep: 1 });
  begin(1);
  const first = await connect(0);
  first.answer();
  begin(2);
  begin(3);
  first.answer();
  expect(news).toEqual(["ready since 0"]);
  first.answer();
  first.destroy("57P01");
  expect(news).toEqual(["ready since 0", "lost: 57P01"]);
  begin(4);
  const next = await connect(2);
  expect(news).toHaveLength(2);
  next.answer();
  sessions.close();
  expect(news).toEqual(["ready since 0", "lost: 57P01", "ready since 2"]);
  expect(next.usable).toBe(false);
});

test("a log-in that ends after all was closed is closed", async () => {
  const { begin, connect, sessions } = started(probe);
  const inFlight = begin(1);
  sessions.drop(inFlight);
  void sessions.prepare(1000);
  sessions.close();
  expect((await connect(1)).usable).toBe(false);
});

test("a connection that does not answer in time serves again once it has answered", async () => {
  const { at, begin, connect, dials, completed, news } = started(probe);
  const first = begin(1);
  const connection = await connect(0);
  connection.answer();
  const late = begin(2);
  late.session?.expire(late);
  expect(completed).toEqual([
    [1, null],
    [2, "CLIENT_TIMEOUT"],
  ]);
  expect(first.session).toBeNull();
  begin(3);
  expect(dials).toHaveLength(2);
  at(70);
  connection.answer();
  expect(dials[1]?.cancelled).toBe(true);
  connection.answer();
  expect(completed.at(-1)).toEqual([3, null]);
  expect(news).toEqual(["ready since 0", "lost: CLIENT_TIMEOUT", "ready again since 70 us"]);
});

test.each([
  ["an error", "25006"],
  ["its end", "CONNECTION_LOST"],
])("one whose late answer is %s serves nobody, and is told of no more", async (_answer, code) => {
  const { begin, connect, completed, news, sessions } = started(probe);
  const late = begin(1);
  const connection = await connect(0);
  late.session?.expire(late);
  if (code === "CONNECTION_LOST") connection.destroy(code);
  else connection.answer(code);
  expect(connection.usable).toBe(false);
  expect(sessions.open).toBe(0);
  expect(completed).toEqual([[1, "CLIENT_TIMEOUT"]]);
  expect(news).toEqual([]);
});

test("as many late answers are waited for as connections are kept, beside those that a limit allows", async () => {
  const { begin, connect, dials } = started(pool(1));
  const first = begin(1);
  const kept = await connect(0);
  first.session?.expire(first);
  const second = begin(2);
  const ended = await connect(1);
  second.session?.expire(second);
  expect([kept.usable, ended.usable]).toEqual([true, false]);
  begin(3);
  expect(dials).toHaveLength(3);
});

test("a late answer is not waited for longer than so long, nor when all is closed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { begin, connect, sessions } = started(probe);
    const [first, second] = [begin(1), begin(2)];
    const connections = [await connect(0), await connect(1)];
    first.session?.expire(first);
    vi.advanceTimersByTime(LATE_ANSWER_MS - 1);
    second.session?.expire(second);
    expect(connections.map(({ usable }) => usable)).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    expect(connections.map(({ usable }) => usable)).toEqual([false, true]);
    sessions.close();
    expect(connections.map(({ usable }) => usable)).toEqual([false, false]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("a few log-ins go on when their operations' time is over, and what comes of them serves the next", async () => {
  const { begin, connect, dials, completed, sessions } = started({ ...probe, keep: 1 });
  for (const late of [begin(1), begin(2)]) sessions.drop(late);
  expect(dials.map(({ cancelled }) => cancelled)).toEqual([false, true]);
  begin(3);
  (await connect(0)).answer();
  expect(completed).toEqual([[3, null]]);
  expect(dials[2]?.cancelled).toBe(true);
});

test("a log-in that goes on keeps nobody from dialling", () => {
  const { begin, dials, sessions } = started(pool(1));
  const late = begin(1);
  begin(2);
  expect(dials).toHaveLength(1);
  sessions.drop(late);
  expect(dials).toHaveLength(2);
  sessions.close();
  expect(dials.map(({ cancelled }) => cancelled)).toEqual([true, true]);
});
