import { expect, test } from "vitest";
import { isPermanent } from "./is-permanent.ts";

test.each([
  ["42601", "a syntax error"],
  ["42P01", "a table that is not there"],
  ["42501", "a lack of rights"],
  ["23502", "a null where none may be"],
  ["23514", "a check constraint"],
  ["22003", "a number out of range"],
  ["53100", "a full disk"],
  ["0A000", "an unsupported feature"],
  ["agent-ended", "an agent that is gone"],
])("%s, %s, would fail again", (code) => {
  expect(isPermanent(code)).toBe(true);
});

test.each([
  ["57P03", "a server that is starting"],
  ["57P01", "a server that is stopping"],
  ["25006", "a standby that is not promoted yet"],
  ["ECONNREFUSED", "a server that is not there yet"],
  ["ENOTFOUND", "a name that is not known yet"],
  ["CONNECT_TIMEOUT", "a server that does not answer yet"],
  ["CLIENT_TIMEOUT", "a statement that took too long"],
  ["08P01", "a pooler without a server"],
  ["3D000", "a database that is not made yet"],
  ["28000", "a role that is not made yet"],
  ["53300", "too many connections"],
  ["40001", "a serialization failure"],
  ["agent-silent", "a command that was not answered"],
  ["", "what has no code"],
])("%s, %s, may pass", (code) => {
  expect(isPermanent(code)).toBe(false);
});
