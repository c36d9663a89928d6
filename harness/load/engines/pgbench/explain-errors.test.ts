import { describe, expect, it } from "vitest";
import { codeOfError, findAborted } from "./explain-errors.ts";

describe("findAborted", () => {
  it("finds each client that was given up, its script and the code of the server's words", () => {
    const errors = [
      'pgbench: error: client 3 script 1 aborted in command 4 query 0: ERROR:  duplicate key value violates unique constraint "t_pkey"',
      "DETAIL:  Key (id)=(1) already exists.",
      "pgbench: hint: something else",
      "pgbench: error: client 0 aborted in command 1 (SQL) of script 0; perhaps the backend died while processing",
      "",
    ].join("\n");
    expect(findAborted(errors)).toEqual([
      {
        client: 3,
        script: 1,
        code: "23505",
        text: expect.stringContaining("DETAIL:  Key (id)=(1) already exists.") as string,
      },
      {
        client: 0,
        script: 0,
        code: "CONNECTION_LOST",
        text: expect.stringContaining("backend died") as string,
      },
    ]);
  });

  it("takes the reason from the line before when a client could not connect", () => {
    const errors = [
      'pgbench: error: connection to server at "10.0.0.2", port 5432 failed: FATAL:  sorry, too many clients already',
      "pgbench: error: client 7 aborted while establishing connection",
    ].join("\n");
    expect(findAborted(errors)).toMatchObject([{ client: 7, script: null, code: "53300" }]);
  });

  it("finds none in what is no error", () => {
    expect(findAborted("pgbench (17.6)\n")).toEqual([]);
  });
});

it.each([
  ['connection to server at "x" failed: FATAL:  password authentication failed for user "u"', "28P01"],
  ["FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "53300"],
  ["ERROR:  could not extend file: No space left on device", "53100"],
  ["connection to server failed: Connection refused", "ECONNREFUSED"],
  ["ERROR:  cannot execute INSERT in a read-only transaction", "25006"],
  ["ERROR:  something new", "PGBENCH_ABORTED"],
])("%s: %s", (text, code) => {
  expect(codeOfError(text)).toBe(code);
});
