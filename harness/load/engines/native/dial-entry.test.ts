import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { dialEntry } from "./dial-entry.ts";

const entry = { at: { host: "coordinator-1", port: 5432 }, copies: false };
const login = { database: "bench", user: "someone", password: "secret" };

test("a name that no name server answers for is waited for no longer than a log-in", async () => {
  const dial = dialEntry({ ...entry, login, addressOf: () => new Promise(() => undefined) });
  expect(await dial(20)).toMatchObject({ kind: "not-connected", code: "CONNECT_TIMEOUT" });
});

test("a name without an address says so", async () => {
  const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
  const dial = dialEntry({ ...entry, login, addressOf: () => Promise.reject(unknown) });
  expect(await dial(1000)).toMatchObject({ kind: "not-connected", code: "ENOTFOUND" });
});

test.each([false, true])("a session begins with the entry's own options (copies: %s)", async (copies) => {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      received.push(bytes.toString());
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const at = { host: "haproxy", port, options: "-c citus.use_secondary_nodes=always" };
  const dial = dialEntry({ at, login, addressOf: () => Promise.resolve("127.0.0.1"), copies });
  expect(await dial(1000)).toMatchObject({ kind: "not-connected" });
  expect(received[0]).toContain("options\0-c citus.use_secondary_nodes=always\0");
  server.close();
});
