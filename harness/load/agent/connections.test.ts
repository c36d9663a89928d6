import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createAddressBook } from "../wire/address-book.ts";
import { Connections } from "./connections.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";

function limited(port: number, limit: number): Connections {
  return new Connections({
    at: { host: "127.0.0.1", port },
    login: { database: "bench", user: "someone", password: "secret" },
    addressOf: createAddressBook(),
    limit,
    dialLimit: 1,
    keep: limit,
    onLost: () => undefined,
  });
}

async function connected(taken: ReturnType<Connections["take"]>) {
  const result = await taken;
  if (result.kind !== "connected") throw new Error(result.code);
  return result.connection;
}

test("beyond the limit operations wait in line for a connection", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 1);
  const first = await connected(connections.take(1000));
  const second = connections.take(1000);
  connections.give(first);
  expect(await connected(second)).toBe(first);
  expect(stub.connectionsMade).toBe(1);
  first.close();
});

test("whoever waits in line dials when a connection is lost", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 1);
  const first = await connected(connections.take(1000));
  const second = connections.take(1000);
  first.destroy("ECONNRESET");
  const replacement = await connected(second);
  expect(replacement).not.toBe(first);
  expect(stub.connectionsMade).toBe(2);
  replacement.close();
});

test("a pool with a limit dials one connection at a time, as operations need them", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 3);
  const [first, second, third] = await Promise.all(
    [1, 2, 3].map(async () => await connected(connections.take(1000))),
  );
  expect(new Set([first, second, third]).size).toBe(3);
  for (const connection of [first, second, third]) connections.give(connection!);
  const again = await Promise.all([1, 2, 3].map(async () => await connected(connections.take(1000))));
  expect(stub.connectionsMade).toBe(3);
  for (const connection of again) connection.close();
});

test("an operation that dials takes a connection that becomes free before, and gives its dial up", async () => {
  await using silent = await startSilentServer();
  await using stub = await startPostgresStub();
  let port = stub.port;
  const connections = new Connections({
    at: {
      host: "127.0.0.1",
      get port() {
        return port;
      },
    },
    login: { database: "bench", user: "someone", password: "secret" },
    addressOf: createAddressBook(),
    limit: Infinity,
    dialLimit: Infinity,
    keep: 4,
    onLost: () => undefined,
  });
  const first = await connected(connections.take(1000));
  port = silent.port;
  const second = connections.take(5000);
  await silent.accepted;
  connections.give(first);
  expect(await connected(second)).toBe(first);
  await silent.left;
  first.close();
});

test("a connection that becomes free goes to the newest that waits, and one that gave up is passed over", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 1);
  const first = await connected(connections.take(1000));
  const served: string[] = [];
  const waiting = ["oldest", "gave up", "newest"].map((name) =>
    connections.take(name === "gave up" ? 20 : 60_000).then((taken) => {
      served.push(name);
      return taken;
    }),
  );
  expect(await waiting[1]).toEqual({ kind: "not-connected", code: "CONNECT_TIMEOUT" });
  connections.give(first);
  await waiting[2];
  connections.give(first);
  await waiting[0];
  expect(served).toEqual(["gave up", "newest", "oldest"]);
  first.close();
});

test("of those that wait for their turn to dial, the newest dials first", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 3);
  const order: number[] = [];
  const taken = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const connection = await connected(connections.take(60_000));
      order.push(number);
      return connection;
    }),
  );
  expect(order).toEqual([1, 3, 2]);
  for (const connection of taken) connection.close();
});

test("whoever waits in line too long gets none", async () => {
  await using stub = await startPostgresStub();
  const connections = limited(stub.port, 1);
  const first = await connected(connections.take(1000));
  expect(await connections.take(20)).toEqual({ kind: "not-connected", code: "CONNECT_TIMEOUT" });
  first.close();
});

test("an idle connection that the server closes is forgotten", async () => {
  const stub = await startPostgresStub();
  const connections = limited(stub.port, 1);
  const first = await connected(connections.take(1000));
  connections.give(first);
  await stub[Symbol.asyncDispose]();
  while (first.usable) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await connections.take(1000)).toMatchObject({ kind: "not-connected", code: "ECONNREFUSED" });
});

test("a name is not waited for once its address is known", async () => {
  let asked = 0;
  const addressOf = createAddressBook(() =>
    ++asked === 1 ? Promise.resolve("10.0.0.1") : new Promise(() => undefined),
  );
  expect(await addressOf("coordinator-1")).toBe("10.0.0.1");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await addressOf("coordinator-1")).toBe("10.0.0.1");
  expect(asked).toBe(2);
});

/** Accepts connections and never says a word. */
async function startSilentServer() {
  let tellAccepted: () => void = () => undefined;
  let tellLeft: () => void = () => undefined;
  const accepted = new Promise<void>((resolve) => (tellAccepted = resolve));
  const left = new Promise<void>((resolve) => (tellLeft = resolve));
  const server = createServer((socket) => {
    tellAccepted();
    socket.on("error", () => undefined);
    socket.on("close", tellLeft);
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    left,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
