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
