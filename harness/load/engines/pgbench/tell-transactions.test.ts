import { describe, expect, it } from "vitest";
import type { LoggedTransaction } from "./parse-log.ts";
import { transactionTeller } from "./tell-transactions.ts";

const ended: LoggedTransaction = {
  client: 2,
  script: 1,
  timeUs: 300,
  problem: null,
  endedWallUs: 1_000_000,
  lagUs: 0,
  retries: 0,
};

describe("transactionTeller", () => {
  it("takes a time without a schedule as both latency and service time", () => {
    expect(teller({})(ended)).toEqual({
      operation: "write",
      agent: 1,
      client: 2,
      intendedUs: 700,
      startUs: 700,
      endUs: 1000,
      outcome: "ok",
      code: null,
      retried: [],
      latenessUs: null,
    });
  });

  it("counts a time with a schedule from the intended start, and service time from the actual one", () => {
    expect(teller({ scheduled: true })({ ...ended, lagUs: 40 })).toMatchObject({
      intendedUs: 700,
      startUs: 740,
      endUs: 1000,
      latenessUs: 40,
    });
  });

  it("does not take waiting for a free client for lateness of the program", () => {
    const tell = teller({ scheduled: true });
    tell({ ...ended, endedWallUs: 999_900, timeUs: 500 });
    // Free at 900; due at 700, began at 910.
    expect(tell({ ...ended, lagUs: 210 })).toMatchObject({ intendedUs: 700, startUs: 910, latenessUs: 10 });
  });

  it("counts log-in in when every operation connects anew", () => {
    const tell = teller({ connectsEachTime: true });
    expect(tell(ended)).toMatchObject({ intendedUs: 700, startUs: 700 });
    expect(tell({ ...ended, endedWallUs: 1_005_000 })).toMatchObject({
      intendedUs: 1000,
      startUs: 1000,
      endUs: 6000,
    });
  });

  it("counts log-in in also when they are due by a schedule", () => {
    const tell = teller({ connectsEachTime: true, scheduled: true });
    tell(ended);
    // Due at 900, when the client was busy until 1000; it had logged in at 2900.
    expect(tell({ ...ended, endedWallUs: 1_002_200, timeUs: 2300, lagUs: 2000 })).toMatchObject({
      intendedUs: 900,
      startUs: 1000,
      endUs: 3200,
    });
  });

  it("says that what was skipped was never sent, and that its client is as free as before", () => {
    const tell = teller({ scheduled: true });
    tell({ ...ended, endedWallUs: 999_500 });
    expect(tell({ ...ended, timeUs: null, problem: "skipped" })).toMatchObject({
      outcome: null,
      code: "NEVER_SENT",
      retried: [],
    });
    expect(tell({ ...ended, timeUs: 100, lagUs: 50 })).toMatchObject({ latenessUs: 50 });
  });

  it.each([
    ["serialization", "40001"],
    ["deadlock", "40P01"],
    ["failed", "PGBENCH_FAILED"],
  ])("names what failed with %s by its code, with the tries before", (problem, code) => {
    expect(teller({})({ ...ended, timeUs: null, problem, retries: 2 })).toMatchObject({
      outcome: "failed",
      code,
      retried: ["40001 or 40P01", "40001 or 40P01"],
    });
  });
});

function teller(
  options: Partial<Parameters<typeof transactionTeller>[0]>,
): ReturnType<typeof transactionTeller> {
  return transactionTeller({
    agent: 1,
    operations: ["read", "write"],
    scheduled: false,
    connectsEachTime: false,
    wallToMicros: -999_000,
    ...options,
  });
}
