import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { DirectConnection, EngineConnection, Settled } from "../../../wire/engine-connection.ts";
import { threadCpuUs } from "../record/thread-cpu.ts";
import type { Outlet, SentElsewhere } from "../sender.ts";
import { compileOperation } from "../sessions/compile-operation.ts";
import { Deadlines } from "../sessions/deadlines.ts";
import type { FreeConnections, Held } from "../sessions/free-connections.ts";
import { newInFlight, type Carrier, type InFlight, type Route } from "../sessions/in-flight.ts";
import { PooledSessions } from "../sessions/pooled-sessions.ts";
import { Session } from "../sessions/session.ts";
import type { OpenSchedule } from "./open-schedule.ts";
import { PacedLoad } from "./paced-load.ts";
import type { Pace } from "./pace.ts";

/** A connection whose bytes go to a socket of the test's own. */
class SocketConnection implements EngineConnection, DirectConnection {
  readonly direct = this;
  readonly transaction = "idle";
  readonly readyNs = 0n;
  readonly busy = false;
  usable = true;
  descriptor: number;
  prepared = 1;
  line: DirectConnection["line"] = null;
  place = -1;
  onLost: (code: string) => void = () => undefined;
  enterBegun: () => void = () => undefined;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  run(): void {
    // Nothing is answered here.
  }

  began(_statement: unknown, _sent: boolean, _rest: Buffer | null, _settled: Settled): void {
    // The same.
  }

  close(): void {
    this.usable = false;
  }

  destroy(code: string): void {
    this.usable = false;
    this.onLost(code);
  }
}

/** What became of an operation, as the load tells it. */
type Told =
  | {
      readonly id: number;
      readonly intendedUs: number;
      readonly begunUs: number;
      readonly held: Held<Carrier> | null;
    }
  | (SentElsewhere & { readonly id: number; readonly intendedUs: number; readonly begunUs: number });

interface Paced extends AsyncDisposable {
  readonly load: PacedLoad;
  readonly free: FreeConnections<Session>;
  readonly told: Told[];
  /** Numbers of the operations that were drawn so far. */
  readonly drawn: readonly number[];
  readonly look: () => void;
  /** All bytes that the server has got. */
  readonly got: () => string;
  readonly connections: readonly SocketConnection[];
  readonly until: (count: number) => Promise<void>;
}

/** A load of operations that are due at these moments after its start, over connections to a server that only listens. */
async function paced(options: {
  readonly dueUs: readonly number[];
  readonly connections: number;
  /** The start: so long ago. */
  readonly agoUs?: number;
  readonly reads?: boolean;
  readonly form?: "statement" | "copy";
  readonly spoil?: (connection: SocketConnection) => unknown;
}): Promise<Paced> {
  const { dueUs, connections: count, agoUs = 0, reads = true, form = "statement", spoil } = options;
  let got = "";
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined);
    if (reads) socket.on("data", (bytes) => (got += bytes.toString("latin1")));
    else socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const nowUs = (): number => performance.now() * 1000;
  const sessions = new PooledSessions({
    dial: () => new Promise(() => undefined),
    dialWithinMs: 1000,
    nowUs,
    connections: count,
    turns: true,
  });
  const { free } = sessions;
  const sockets: Socket[] = [];
  const connections: SocketConnection[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve));
    const { fd } = (socket as Socket & { readonly _handle: { readonly fd: number } })._handle;
    const connection = new SocketConnection(fd);
    await spoil?.(connection);
    new Session(sessions).connected(connection);
    sockets.push(socket);
    connections.push(connection);
  }
  const route: Route = {
    operation: compileOperation(
      {
        name: "select",
        kind: "read",
        endpoint: "readWrite",
        weight: 1,
        form,
        variables: [{ name: "id", kind: "id" }],
        statements: [{ sql: "select $1", uses: ["id"] }],
        rows: 0,
        timeoutMs: null,
        ledgerTable: null,
      },
      0,
    ),
    sessions,
    deadlines: new Deadlines(),
    timeoutUs: 60_000_000,
  };
  const told: Told[] = [];
  const drawn: number[] = [];
  const outlet: Outlet = {
    begin: () => undefined,
    draw: (number) => {
      const inFlight: InFlight = newInFlight(route);
      inFlight.id = number;
      drawn.push(number);
      route.operation.draw(number, Math.random, inFlight.drawn);
      return inFlight;
    },
    beginDrawn: ({ id }, intendedUs, begunUs, held) => told.push({ id, intendedUs, begunUs, held }),
    enterSent: ({ id }, intendedUs, begunUs, sent) => told.push({ id, intendedUs, begunUs, ...sent }),
  };
  const startedUs = nowUs() - agoUs;
  const load = new PacedLoad({ schedule: dueAt(dueUs), startedUs, routes: [route], nowUs, outlet });
  const pace: Pace = load.startPace((error) => {
    throw error;
  });
  return {
    load,
    free,
    told,
    drawn,
    look: () => pace.look(),
    got: () => got,
    connections,
    until: async (wanted) => {
      while (told.length < wanted) {
        await delay(1);
        load.enterBegun();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await pace.stop();
      for (const socket of [...sockets, ...accepted]) socket.destroy();
      server.close();
    },
  };
}

function dueAt(dueUs: readonly number[]): OpenSchedule {
  let next = 0;
  return {
    get number() {
      return next;
    },
    get dueUs() {
      return dueUs[next] ?? Infinity;
    },
    advance: () => {
      next += 1;
    },
  };
}

/** Late enough for the thread to be there. */
const LATER_US = 300_000;

test("what is due is written to a free connection by the other thread, at its moment and not before", async () => {
  const dueUs = [LATER_US, LATER_US + 1000, LATER_US + 2000];
  await using run = await paced({ dueUs, connections: 4 });
  await run.until(3);
  for (const told of run.told) {
    if (!("written" in told)) throw new Error("Expected it to be sent by the thread");
    expect(told.rest).toBeNull();
    expect(told.begunUs).toBeGreaterThanOrEqual(told.intendedUs);
  }
  await delay(20);
  expect(run.got().match(/dpg_0_0/g)).toHaveLength(3);
  // Its work is counted apart from this thread's.
  expect(run.load.thread).not.toBe(process.pid);
  expect(threadCpuUs(run.load.thread ?? -1)).toBeGreaterThan(0);
  expect(run.load.done).toBe(true);
});

test("operations beyond the free connections are left to this thread, in the order of their schedule", async () => {
  await using run = await paced({ dueUs: [1, 2, 3, 4].map((us) => LATER_US + us), connections: 2 });
  await run.until(4);
  expect(run.told.map(({ id }) => id)).toEqual([0, 1, 2, 3]);
  expect(run.told.map((told) => "written" in told)).toEqual([true, true, false, false]);
  expect(run.told[3]).toMatchObject({ held: null });
});

test("while every connection is busy this thread begins what is due; once one is free, the other one does again", async () => {
  await using run = await paced({
    dueUs: [LATER_US, LATER_US + 1, LATER_US + 2, LATER_US + 40_000, LATER_US + 300_000],
    connections: 2,
  });
  await run.until(4);
  const [first, , third, fourth] = run.told;
  // The thread was late to see that there was no connection for the third; the fourth has waited for one, and nothing else.
  if (third === undefined || fourth === undefined) throw new Error("Expected four operations");
  expect(third.held).toBeNull();
  expect(third.begunUs).toBeGreaterThan(third.intendedUs);
  expect(fourth).toMatchObject({ held: null, begunUs: fourth.intendedUs });
  run.free.give(first?.held?.session as Session);
  run.load.enterBegun();
  while (run.free.length > 0) await delay(1);
  await run.until(5);
  expect(run.told[4]).toMatchObject({ id: 4, rest: null, held: first?.held });
});

test("a process that finds a thousand operations due begins each once, in order, from its intended start", async () => {
  const dueUs = Array.from({ length: 3000 }, (_, index) => index * 100);
  await using run = await paced({ dueUs, connections: 3, agoUs: 1_000_000 });
  await run.until(3000);
  expect(run.told.map(({ id }) => id)).toEqual(dueUs.map((_, index) => index));
  const [first] = run.told;
  expect(run.told.map(({ intendedUs }) => Math.round(intendedUs - first!.intendedUs))).toEqual(dueUs);
});

test("a full send buffer leaves the rest of the message to the socket", async () => {
  await using run = await paced({
    dueUs: [LATER_US],
    connections: 1,
    reads: false,
    spoil: async ({ descriptor }) => {
      const megabyte = Buffer.alloc(1 << 20);
      // The system moves bytes on to the reader's side for a while.
      let went: number;
      do {
        await delay(50);
        went = 0;
        expect(() => {
          for (;;) went += writeSync(descriptor, megabyte);
        }).toThrow("EAGAIN");
        expect(() => {
          for (;;) went += writeSync(descriptor, megabyte, 0, 1);
        }).toThrow("EAGAIN");
      } while (went > 0);
    },
  });
  await run.until(1);
  const [told] = run.told;
  if (told === undefined || !("written" in told)) throw new Error("Expected a write to be tried");
  expect(told.written).toBe(0);
  expect(told.rest?.toString("latin1")).toContain("dpg_0_0");
});

test("an answer is read though the write has not come back; nothing else is entered before it has", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-"));
  const pipe = path.join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const readable = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  // A write to it waits for room.
  const descriptor = openSync(pipe, constants.O_WRONLY);
  const filling = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  expect(() => {
    for (;;) writeSync(filling, Buffer.alloc(4096));
  }).toThrow("EAGAIN");
  {
    await using run = await paced({
      dueUs: [LATER_US],
      connections: 1,
      spoil: (connection) => void (connection.descriptor = descriptor),
    });
    while (run.free.length > 0) await delay(1);
    await delay(50);
    run.load.enterBegun();
    run.load.enterBegun(new SocketConnection(-1));
    expect(run.told).toEqual([]);
    run.load.enterBegun(run.connections[0]);
    expect(run.told).toMatchObject([{ held: { connection: run.connections[0] }, rest: null }]);
    for (let read = 1; read > 0;) {
      try {
        read = readSync(readable, Buffer.alloc(1 << 16));
      } catch {
        break;
      }
    }
  }
  for (const each of [readable, descriptor, filling]) closeSync(each);
  await rm(folder, { recursive: true });
});

test("a connection that is lost between its line and the write is entered as one on which nothing went out", async () => {
  await using run = await paced({
    dueUs: [LATER_US],
    connections: 1,
    spoil: (connection) => {
      // No descriptor of this number is open.
      connection.descriptor = 1 << 20;
    },
  });
  await run.until(1);
  expect(run.told[0]).toMatchObject({ written: 0, held: { connection: run.connections[0] } });
});

test.each([
  ["an encrypted connection", (connection: SocketConnection) => void (connection.descriptor = -1)],
  [
    "a statement that its server does not know",
    (connection: SocketConnection) => void (connection.prepared = 0),
  ],
])("%s is handed over together with its operation", async (_, spoil) => {
  await using run = await paced({ dueUs: [LATER_US], connections: 1, spoil });
  await run.until(1);
  expect(run.told[0]).toMatchObject({ held: { connection: run.connections[0] } });
  expect(run.told[0]).not.toHaveProperty("written");
  await delay(20);
  expect(run.got()).toBe("");
});

test("once stopped it begins nothing more, and says that it is done when nothing is being begun", async () => {
  await using run = await paced({
    dueUs: Array.from({ length: 100 }, (_, index) => index * 20_000),
    connections: 4,
  });
  await run.until(5);
  run.load.stop();
  while (!run.load.done) {
    await delay(1);
    run.load.enterBegun();
  }
  const begun = run.told.length;
  expect(begun).toBeLessThan(60);
  await delay(60);
  run.look();
  expect(run.told).toHaveLength(begun);
  expect(Number.isFinite(run.load.nextIntendedUs)).toBe(true);
});

test("texts of COPY are drawn a few ahead, and all the same each is begun", async () => {
  const dueUs = Array.from({ length: 40 }, (_, index) => LATER_US + index * 100);
  await using run = await paced({ dueUs, connections: 2, form: "copy" });
  expect(run.drawn.length).toBeLessThan(10);
  while (run.told.length < 40) {
    await delay(1);
    run.look();
  }
  expect(run.told.map(({ id }) => id)).toEqual(dueUs.map((_, index) => index));
});
