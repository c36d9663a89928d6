import { expect, test } from "vitest";
import { createAddressBook } from "./address-book.ts";
import { Connections } from "./connections.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";

function limited(port: number, limit: number): Connections {
  return new Connections({
    at: { host: "127.0.0.1", port },
    login: { database: "bench", user: "someone", password: "secret" },
    addressOf: createAddressBook(),
    limit,
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
  expect(await connections.take(1000)).toEqual({ kind: "not-connected", code: "ECONNREFUSED" });
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
