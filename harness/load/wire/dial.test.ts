import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { dialFast } from "./dial-fast.ts";
import { connected, kinds, lost, run } from "./dial.fake.ts";
import type { EngineConnection, EngineDialled } from "./engine-connection.ts";
import {
  bound,
  commandComplete,
  completed,
  greeting,
  parsed,
  ready,
  report,
  result,
  row,
  startScriptedServer,
  type Script,
  type ScriptedServer,
  type Step,
} from "./scripted-server.fake.ts";
import { serverMessage } from "./server-message.ts";

const select = { name: "select_1", sql: "select a from t where b = $1", parameterCount: 1 };
const ok = { code: null, sent: true, warning: null, text: "" };

describe.each(kinds)("a %s connection", (kind, dial) => {
  const withinMs = 10_000;

  const dialServer = (port: number, cancelled?: AbortSignal, budgetMs = withinMs): Promise<EngineDialled> =>
    dial({ host: "127.0.0.1", port, database: "d", user: "u", password: "p" }, budgetMs, cancelled);

  async function withServer(
    script: Script,
    use: (connection: EngineConnection, server: ScriptedServer) => Promise<void>,
  ): Promise<void> {
    await using server = await startScriptedServer(script);
    const connection = connected(await dialServer(server.port));
    await use(connection, server);
    connection.destroy("CLOSED");
  }

  /** One statement on a new connection to a server that answers so, and what is left of the connection. */
  async function answered(...steps: readonly Step[]): Promise<object> {
    let seen: object = {};
    await withServer({ answer: () => steps }, async (connection) => {
      let reason: string | null = null;
      connection.onLost = (code) => (reason = code);
      const { code, sent, warning } = await run(connection, select, [1]);
      await new Promise(setImmediate);
      seen = { code, sent, warning, usable: connection.usable, busy: connection.busy, lost: reason };
    });
    return seen;
  }

  const alive = { sent: true, warning: null, usable: true, busy: false, lost: null };
  const dead = (code: string): object => ({ ...alive, code, usable: false, lost: code });

  test("parses a statement with its first run, and sends Bind, Describe, Execute, Sync from then on", async () => {
    await withServer({}, async (connection, { received }) => {
      for (const value of [1, 22, "three"]) expect(await run(connection, select, [value])).toEqual(ok);
      expect(received.map(({ types }) => types)).toEqual(["PBDES", "BDES", "BDES"]);
      expect(received.flatMap(({ names }) => names)).toEqual(Array(4).fill("select_1"));
    });
  });

  test("understands an answer that is cut at any byte", async () => {
    const answer = Buffer.concat([report("N", "WARNING", "01000"), result, ready("T")]);
    const cuts = (index: number): readonly Buffer[] => [answer.subarray(0, index), answer.subarray(index)];
    await withServer({ answer: (_, index) => cuts(index) }, async (connection) => {
      for (let index = 0; index <= answer.length; index += 1) {
        expect(await run(connection, select, [1])).toEqual({ ...ok, warning: "01000" });
        expect(connection.transaction).toBe("open");
      }
    });
  });

  test("understands an answer that comes byte by byte", async () => {
    const error = Buffer.concat([bound, report("E", "ERROR", "22012"), ready()]);
    await withServer(
      { answer: () => Array.from(error, (byte) => Buffer.from([byte])) },
      async (connection) => {
        expect(await run(connection, select, [1])).toEqual({ ...ok, code: "22012", text: "scripted 22012" });
      },
    );
  });

  test("steps over rows without end", async () => {
    const large = serverMessage(
      "D",
      Buffer.concat([Buffer.from([0, 1, 0, 3, 0, 0]), Buffer.alloc(196_608, 65)]),
    );
    const rows = Array.from({ length: 20 }, () => large);
    const begin = result.subarray(0, result.indexOf(row));
    expect(await answered(begin, Buffer.concat(rows), commandComplete, ready())).toEqual({
      ...alive,
      code: null,
    });
  });

  test("bears what a server says unasked, at any time", async () => {
    const unasked = Buffer.concat([
      serverMessage("S", Buffer.from("TimeZone\0UTC\0")),
      serverMessage("A", Buffer.from("\0\0\0\x01channel\0payload\0")),
      report("N", "NOTICE", "42P07"),
    ]);
    const pieces = [bound, result.subarray(bound.length), ready()].flatMap((step) => [unasked, step]);
    await withServer({ answer: () => [...pieces, unasked] }, async (connection, server) => {
      server.say(unasked);
      expect(await run(connection, select, [1])).toEqual(ok);
      expect(await run(connection, select, [1])).toEqual(ok);
    });
  });

  test("tells of the first warning, and of no notice", async () => {
    const notices = [
      report("N", "NOTICE", "00000"),
      report("N", "WARNING", "57P01"),
      report("N", "WARNING", "01000"),
    ];
    expect(await answered(...notices, completed())).toEqual({ ...alive, code: null, warning: "57P01" });
  });

  test("does not take an earlier answer's warning or error for its own", async () => {
    const answers = [
      [report("N", "WARNING", "01000"), completed()],
      [report("E", "ERROR", "23505"), ready()],
      [completed()],
    ];
    await withServer({ answer: (_, index) => answers[index] ?? [] }, async (connection) => {
      expect(await run(connection, select, [1])).toMatchObject({ code: null, warning: "01000" });
      expect(await run(connection, select, [1])).toMatchObject({ code: "23505", warning: null });
      expect(await run(connection, select, [1])).toEqual(ok);
    });
  });

  test.each([
    ["instead of anything else", []],
    ["after BindComplete", [bound]],
    ["after rows", [result.subarray(0, -commandComplete.length)]],
    ["after CommandComplete, as a deferred constraint", [result]],
  ])("survives an error %s", async (_, before) => {
    const steps = [...before, report("E", "ERROR", "23505"), ready()];
    expect(await answered(...steps)).toEqual({ ...alive, code: "23505" });
  });

  test("settles an error only when the server is ready again", async () => {
    await withServer({ answer: () => [report("E", "ERROR", "40001")] }, async (connection, server) => {
      const running = run(connection, select, [1]);
      const early = await Promise.race([
        running,
        new Promise((resolve) => setTimeout(resolve, 50, "waiting")),
      ]);
      expect([early, connection.busy]).toEqual(["waiting", true]);
      server.say(ready());
      expect((await running).code).toBe("40001");
    });
  });

  test("knows the state of its transaction", async () => {
    const answers = [[completed("T")], [report("E", "ERROR", "22012"), ready("E")], [completed("I")]];
    await withServer({ answer: (_, index) => answers[index] ?? [] }, async (connection) => {
      const states = [connection.transaction];
      for (const _ of answers) {
        await run(connection, select, [1]);
        states.push(connection.transaction);
      }
      expect(states).toEqual(["idle", "open", "failed", "idle"]);
    });
  });

  test("takes the next statement from the callback of the last one", async () => {
    await withServer({}, async (connection, { received }) => {
      await new Promise<void>((resolve) => {
        let left = 500;
        const next = (): void => {
          left -= 1;
          if (left > 0) connection.run(select, [left], next);
          else resolve();
        };
        connection.run(select, [0], next);
      });
      expect(received).toHaveLength(500);
    });
  });

  test("runs one statement at a time", async () => {
    await withServer({ answer: () => [] }, (connection) => {
      connection.run(select, [1], () => undefined);
      expect(() => connection.run(select, [2], () => undefined)).toThrow("One statement at a time");
      return Promise.resolve();
    });
  });

  test("prepares anew what the server has forgotten", async () => {
    const answers = [[completed()], [report("E", "ERROR", "26000"), ready()]];
    const script: Script = {
      answer: ({ types }, index) =>
        answers[index] ?? [
          Buffer.concat([...(types.startsWith("C") ? [serverMessage("3")] : []), completed()]),
        ],
    };
    await withServer(script, async (connection, { received }) => {
      const codes = [];
      for (let times = 0; times < 4; times += 1) codes.push((await run(connection, select, [1])).code);
      expect(codes).toEqual([null, "26000", null, null]);
      expect(received.map(({ types }) => types.replace("C", ""))).toEqual(["PBDES", "BDES", "PBDES", "BDES"]);
    });
  });

  test.each([
    ["at once", []],
    ["in the middle of the answer", [result]],
  ])("is lost by a fatal error %s, with its SQLSTATE", async (_, before) => {
    expect(await answered(...before, report("E", "FATAL", "57P01"), "close")).toEqual(dead("57P01"));
  });

  test("is lost by a fatal error while it is idle", async () => {
    await withServer({}, async (connection, server) => {
      const reason = lost(connection);
      server.say(report("E", "FATAL", "57P01"));
      expect(await reason).toBe("57P01");
      expect(connection.usable).toBe(false);
    });
  });

  test.each([
    ["instead of an answer", []],
    ["within a message", [result.subarray(0, 12)]],
    ["after CommandComplete", [result]],
  ])("is lost when the server closes %s", async (_, before) => {
    expect(await answered(...before, "close")).toEqual(dead("CONNECTION_LOST"));
  });

  test("is lost when the server resets", async () => {
    expect(await answered("reset")).toEqual(dead("ECONNRESET"));
  });

  test("keeps the error that came before the end", async () => {
    const seen = await answered(report("E", "ERROR", "23505"), "close");
    expect(seen).toMatchObject({ code: "23505", lost: "23505", usable: false });
  });

  test("is lost by a message that has no place in the protocol", async () => {
    expect(await answered(serverMessage("x", Buffer.from("?")))).toEqual(dead("08P01"));
  });

  test("is ended by its owner when the server is silent, and settles first", async () => {
    await withServer({ answer: () => [] }, async (connection) => {
      const order: string[] = [];
      connection.onLost = (code) => order.push(`lost ${code}`);
      connection.run(select, [1], (code, sent) => order.push(`settled ${String(code)} ${String(sent)}`));
      await new Promise((resolve) => setTimeout(resolve, 20));
      connection.destroy("CLIENT_TIMEOUT");
      connection.destroy("again");
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(order).toEqual(["settled CLIENT_TIMEOUT true", "lost CLIENT_TIMEOUT"]);
    });
  });

  test("sends nothing once it is lost", async () => {
    await withServer({}, async (connection, { received }) => {
      connection.destroy("CLIENT_TIMEOUT");
      expect(await run(connection, select, [1])).toMatchObject({ code: "CLIENT_TIMEOUT", sent: false });
      expect(received).toEqual([]);
    });
  });

  test("says good-bye", async () => {
    await withServer({}, async (connection) => {
      const reason = lost(connection);
      connection.close();
      expect([await reason, connection.usable]).toEqual(["CLOSED", false]);
    });
  });

  describe("logging in", () => {
    const refusedBy = async (logIn: readonly Step[], budgetMs?: number): Promise<object> => {
      await using server = await startScriptedServer({ logIn });
      return await dialServer(server.port, undefined, budgetMs);
    };

    test("fails with the server's code", async () => {
      const dialled = await refusedBy([report("E", "FATAL", "53300"), "close"]);
      expect(dialled).toEqual({ kind: "not-connected", code: "53300", text: "scripted 53300" });
    });

    test("fails when the server closes", async () => {
      expect(await refusedBy(["close"])).toMatchObject({ kind: "not-connected", code: "CONNECTION_LOST" });
      const begin = greeting.subarray(0, -3);
      expect(await refusedBy([begin, "close"])).toMatchObject({
        kind: "not-connected",
        code: "CONNECTION_LOST",
      });
    });

    test("fails in time when the server is silent", async () => {
      expect(await refusedBy([], 50)).toMatchObject({ kind: "not-connected", code: "CONNECT_TIMEOUT" });
    });

    test("fails when nobody listens", async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      expect(await dialServer(port)).toMatchObject({ kind: "not-connected", code: "ECONNREFUSED" });
    });

    test("is given up when it is cancelled, before or during", async () => {
      await using server = await startScriptedServer({ logIn: [] });
      const cancelling = new AbortController();
      const dialled = dialServer(server.port, cancelling.signal);
      setTimeout(() => cancelling.abort(), 20);
      expect(await dialled).toMatchObject({ kind: "not-connected", code: "CANCELLED" });
      expect(await dialServer(server.port, AbortSignal.abort())).toMatchObject({ code: "CANCELLED" });
    });

    test("understands a greeting that is cut at any byte", async () => {
      for (let index = 1; index < greeting.length; index += 1) {
        const logIn = [greeting.subarray(0, index), greeting.subarray(index)];
        await using server = await startScriptedServer({ logIn });
        const connection = connected(await dialServer(server.port));
        expect(await run(connection, select, [1])).toEqual(ok);
        connection.destroy("CLOSED");
      }
    });

    test("loses no byte that comes with the greeting", async () => {
      const notice = report("N", "NOTICE", "00000");
      const logIn = [Buffer.concat([greeting, notice.subarray(0, 7)]), notice.subarray(7)];
      await withServer({ logIn }, async (connection) => {
        expect(await run(connection, select, [1])).toEqual(ok);
      });
    });

    test("fails when the server takes leave with its greeting", async () => {
      const logIn = [Buffer.concat([greeting, report("E", "FATAL", "57P01")]), "close" as const];
      expect(await refusedBy(logIn)).toMatchObject({ kind: "not-connected", code: "57P01" });
    });
  });

  test.runIf(kind === "fast")("is lost by a message whose length cannot be", async () => {
    expect(await answered(Buffer.from([0x44, 0, 0, 0, 1]))).toEqual(dead("08P01"));
  });

  test.runIf(kind === "fast")("is lost by an answer to nothing", async () => {
    await withServer({}, async (connection, server) => {
      const reason = lost(connection);
      server.say(Buffer.concat([parsed, completed()]));
      expect(await reason).toBe("08P01");
    });
  });
});

describe("a fast connection that another thread sends on", () => {
  test.each([
    [
      "an answer that comes before what was sent is entered settles it all the same",
      Buffer.alloc(0),
      ["enters this one's"],
    ],
    [
      "what a server says unasked waits until the other thread is back",
      report("N", "NOTICE", "00000"),
      ["awaits the write", "enters"],
    ],
  ])("%s", async (_, unasked, wanted) => {
    await using server = await startScriptedServer();
    const dialled = connected(await dialFast({ ...login, port: server.port }, 10_000));
    const direct = dialled.direct!;
    await run(dialled, named, [1]);
    const steps: string[] = [];
    const told = new Promise((resolve) => {
      direct.line = {
        awaitWriting: () => steps.push("awaits the write"),
        withdraw: () => steps.push("leaves the line"),
      };
      direct.enterBegun = (answered) => {
        steps.push(answered === dialled ? "enters this one's" : "enters");
        direct.line = null;
        direct.enterBegun = () => undefined;
        direct.began(named, true, null, (code) => resolve(code));
      };
    });
    server.say(Buffer.concat([unasked, completed()]));
    expect(await told).toBeNull();
    expect(steps).toEqual(wanted);
    expect(dialled.usable).toBe(true);
    dialled.destroy("CLOSED");
  });

  test("one that is lost is withdrawn before its descriptor closes, and what was begun on it has the server's reason", async () => {
    await using server = await startScriptedServer();
    const dialled = connected(await dialFast({ ...login, port: server.port }, 10_000));
    const direct = dialled.direct!;
    const steps: string[] = [];
    const descriptor = direct.descriptor;
    expect(descriptor).toBeGreaterThan(2);
    const told = new Promise((resolve) => {
      direct.line = { awaitWriting: () => undefined, withdraw: () => steps.push("withdrawn") };
      direct.enterBegun = () => {
        direct.enterBegun = () => undefined;
        steps.push(dialled.usable ? "takes more" : "takes no more");
        direct.began(named, true, null, (code, sent) => resolve({ code, sent }));
      };
    });
    const ended = lost(dialled);
    server.say("close");
    expect(await told).toEqual({ code: "CONNECTION_LOST", sent: true });
    expect(await ended).toBe("CONNECTION_LOST");
    expect(steps).toContain("withdrawn");
    expect(steps.at(-1)).toBe("takes no more");
    expect(direct.descriptor).toBe(-1);
  });

  test("what is begun on a connection that is gone is told as it was sent", async () => {
    await using server = await startScriptedServer();
    const dialled = connected(await dialFast({ ...login, port: server.port }, 10_000));
    dialled.destroy("CLIENT_TIMEOUT");
    const told = await new Promise((resolve) => {
      dialled.direct!.began(named, false, null, (code, sent) => resolve({ code, sent }));
    });
    expect(told).toEqual({ code: "CLIENT_TIMEOUT", sent: false });
  });
});

const login = { host: "127.0.0.1", database: "d", user: "u", password: "p" };
const named = { ...select, bit: 1 };

test("a fast connection keeps all rows of the answers whose rows are wanted, and of no others", async () => {
  const two = Buffer.concat([bound, row, row, commandComplete, ready()]);
  await using server = await startScriptedServer({ answer: () => [parsed, two] });
  const connection = connected(
    await dialFast({ host: "127.0.0.1", port: server.port, database: "d", user: "u", password: "p" }, 10_000),
  );
  const wanted = [true, false, true];
  const statement = { ...select, wantsRows: () => wanted.shift() === true };
  const seen = [];
  for (let at = 0; at < 3; at += 1) {
    await run(connection, statement, [1]);
    seen.push(connection.rows ?? null);
  }
  expect(seen).toEqual([[["hello"], ["hello"]], null, [["hello"], ["hello"]]]);
  connection.destroy("CLOSED");
});
