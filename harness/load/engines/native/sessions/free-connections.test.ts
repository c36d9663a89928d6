import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { EngineConnection } from "../../../wire/engine-connection.ts";
import { FreeConnections } from "./free-connections.ts";
import { Session, type SessionOwner } from "./session.ts";

const owner: SessionOwner = {
  nowUs: () => 0,
  enterBegun: () => undefined,
  ready: () => undefined,
  lost: () => undefined,
  refused: () => undefined,
  completed: () => undefined,
};

function session(): Session {
  const connection = { usable: true, busy: false, transaction: "idle", readyNs: 0n } as EngineConnection;
  const made = new Session(owner);
  made.connected(connection);
  return made;
}

/** A line with so many sessions in it. */
function lineOf(count: number, newestFirst: boolean) {
  const free = new FreeConnections<Session>(count, { newestFirst, dials: false });
  const sessions = Array.from({ length: count }, session);
  for (const each of sessions) expect(free.give(each)).toBe(true);
  return { free, sessions };
}

test("the one that has been free longest is next, or the one that was free last, as asked for", () => {
  const oldest = lineOf(3, false);
  expect([1, 2, 3, 4].map(() => oldest.free.take())).toEqual([...oldest.sessions, null]);
  const newest = lineOf(3, true);
  expect([1, 2, 3, 4].map(() => newest.free.take())).toEqual([...newest.sessions.reverse(), null]);
});

test("a session that is lost leaves the line, and the others keep their turns", () => {
  for (const newestFirst of [false, true]) {
    const { free, sessions } = lineOf(4, newestFirst);
    // The line begins somewhere in its ring by then.
    const first = free.take()!;
    free.give(first);
    free.forget(sessions[1]!);
    const left: (Session | null)[] = [];
    for (let taken = free.take(); taken !== null; taken = free.take()) left.push(taken);
    expect(left).toHaveLength(3);
    expect(left).not.toContain(sessions[1]);
    expect(left.indexOf(sessions[2]!) < left.indexOf(sessions[3]!)).toBe(!newestFirst);
  }
});

test("there is room again for a session that has left", () => {
  const { free, sessions } = lineOf(2, true);
  expect(free.give(session())).toBe(false);
  free.forget(sessions[0]!);
  expect(free.give(session())).toBe(true);
  expect(free.length).toBe(2);
});

test("a connection is not let go while another thread writes to it, and what was taken is entered once", async () => {
  const { free, sessions } = lineOf(1, false);
  const words = new Int32Array(free.shared.words);
  // As the other thread takes it: out of the line, and being written to.
  words[free.shared.at.count] = 0;
  const { writing } = free.shared.at;
  words[writing] = 1;
  const thread = new Worker(
    `const { workerData } = require("node:worker_threads");
     const words = new Int32Array(workerData.words);
     Atomics.wait(words, workerData.writing, 2, 0);
     setTimeout(() => Atomics.store(words, workerData.writing, 0), 50);`,
    { eval: true, workerData: { words: free.shared.words, writing } },
  );
  free.withdraw(0);
  expect(Atomics.load(words, writing)).toBe(0);
  expect(free.enter(0).session).toBe(sessions[0]);
  expect(() => free.enter(0)).toThrow("found none");
  await thread.terminate();
});
