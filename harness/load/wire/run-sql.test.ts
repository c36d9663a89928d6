import { createServer, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startPostgresStub, type StubAnswer } from "../agent/postgres-stub.fake.ts";
import { createAddressCache } from "./address-cache.ts";
import { runSql } from "./run-sql.ts";

function running(port: number, budgetMs: number, statements = ["select 1"]): Promise<unknown> {
  return runSql({
    at: { host: "127.0.0.1", port },
    login: { database: "bench", user: "someone", password: "secret" },
    addressOf: createAddressCache(),
    statements,
    budgetMs,
  });
}

test("statements run in order on one connection, which is closed after them", async () => {
  await using stub = await startPostgresStub();
  await running(stub.port, 10_000, ["select 1", "select 2"]);
  expect(stub.statements.map(({ sql }) => sql)).toEqual(["select 1", "select 2"]);
  expect(stub.connectionsMade).toBe(1);
  while (stub.connectionsOpen > 0) await new Promise((resolve) => setTimeout(resolve, 1));
});

const answers: readonly (readonly [title: string, answer: StubAnswer, budgetMs: number, code: string])[] = [
  ["an error", { kind: "error", code: "42P01", severity: "ERROR" }, 10_000, "42P01"],
  ["the server's leave-taking", { kind: "error", code: "57P01", severity: "FATAL" }, 10_000, "57P01"],
  ["a closed connection", { kind: "close" }, 10_000, "CONNECTION_LOST"],
  ["silence", { kind: "silence" }, 200, "CLIENT_TIMEOUT"],
];

test.each(answers)(
  "%s fails the statement with its code, and ends the connection",
  async (_, answer, budgetMs, code) => {
    await using stub = await startPostgresStub(() => answer);
    await expect(running(stub.port, budgetMs)).rejects.toMatchObject({ failure: { code } });
    while (stub.connectionsOpen > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  },
);

test("a server that never answers a log-in is left within the budget", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.resume()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await expect(running((server.address() as AddressInfo).port, 100)).rejects.toMatchObject({
    failure: { code: "CONNECT_TIMEOUT" },
  });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test("a refused log-in says by what", async () => {
  const stub = await startPostgresStub();
  await stub[Symbol.asyncDispose]();
  await expect(running(stub.port, 10_000)).rejects.toMatchObject({ failure: { code: "ECONNREFUSED" } });
});
