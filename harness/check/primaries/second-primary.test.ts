import { describe, expect, test } from "vitest";
import type { SecondAcknowledgements } from "../../model/primaries.ts";
import { findingOf, findSecondAcknowledgements } from "./second-primary.ts";
import { ServerCounts, type ToldWrite } from "./told-writes.ts";

test("writes on one timeline after the other have one primary at a time", () => {
  const writes = [write(1, 0, 5, 1, "a"), write(2, 10, 15, 1, "a"), write(3, 20, 25, 2, "b")];
  expect(findSecondAcknowledgements(writes, 0)).toEqual({
    ...{ told: 3, untold: 0, writes: 0, ids: [], byServer: [] },
  });
});

test("a write on an older timeline that was begun after one on a newer was acknowledged is a second primary's", () => {
  const writes = [
    ...[write(1, 0, 5, 1, "a"), write(2, 10, 15, 2, "b"), write(3, 16, 20, 1, "a")],
    ...[write(4, 21, 25, 2, "b"), write(5, 26, 30, 1, "a")],
  ];
  expect(findSecondAcknowledgements(writes, 0)).toMatchObject({
    ...{ writes: 2, ids: [3, 5], byServer: [{ server: "a", timeline: 1, writes: 2 }] },
  });
});

test("writes that ran beside each other contradict nothing", () => {
  const writes = [write(1, 0, 20, 2, "b"), write(2, 10, 30, 1, "a"), write(3, 20, 40, 1, "a")];
  expect(findSecondAcknowledgements(writes, 0).writes).toBe(0);
});

test("two servers that acknowledge on one timeline were promoted apart", () => {
  const writes = [write(1, 0, 5, 2, "b"), write(2, 10, 15, 2, "c"), write(3, 20, 25, 2, "b")];
  expect(findSecondAcknowledgements(writes, 0)).toMatchObject({ writes: 1, ids: [2] });
});

test("a server without an address is told from others by its timeline alone", () => {
  const writes = [write(1, 0, 5, 2, null), write(2, 10, 15, 2, "c"), write(3, 20, 25, 1, null)];
  expect(findSecondAcknowledgements(writes, 0)).toMatchObject({
    ...{ writes: 1, ids: [3], byServer: [{ server: null, timeline: 1, writes: 1 }] },
  });
});

test("writes are compared by their times and named by their ids, in whatever order they come", () => {
  const writes = [
    ...[write(9, 26, 30, 1, "a"), write(2, 21, 25, 2, "b"), write(7, 16, 40, 1, "a")],
    ...[write(4, 10, 15, 2, "b"), write(5, 0, 5, 1, "a")],
  ];
  expect(findSecondAcknowledgements(writes, 3)).toEqual({
    ...{ told: 5, untold: 3, writes: 2, ids: [7, 9] },
    byServer: [{ server: "a", timeline: 1, writes: 2 }],
  });
  const apart = [write(2, 10, 15, 2, "c"), write(1, 0, 5, 2, "b"), write(3, 20, 25, 2, "c")];
  expect(findSecondAcknowledgements(apart, 0).ids).toEqual([2, 3]);
});

test("of one timeline those of several servers are counted apart, in order of their first answer", () => {
  const counts = new ServerCounts();
  counts.add(write(3, 20, 25, 2, null));
  counts.add(write(1, 0, 5, 2, "b"));
  counts.add(write(2, 10, 15, 2, "c"));
  counts.add(write(4, 30, 35, 2, "b"));
  expect(counts.inOrder()).toEqual([
    { server: "b", timeline: 2, writes: 2 },
    { server: "c", timeline: 2, writes: 1 },
    { server: null, timeline: 2, writes: 1 },
  ]);
});

test("at most a hundred of them are named, and all are counted", () => {
  const late = Array.from({ length: 250 }, (_, index) => write(index + 2, 10, 20, 1, "a"));
  const { writes, ids } = findSecondAcknowledgements([write(1, 0, 5, 2, "b"), ...late], 0);
  expect(writes).toBe(250);
  expect(ids).toHaveLength(100);
});

describe("writes that a second primary acknowledged", () => {
  const none: SecondAcknowledgements = { told: 100, untold: 0, writes: 0, ids: [], byServer: [] };

  test("are counted where every answer says who gave it", () => {
    expect(ofSecond(none)).toMatchObject({ of: "write-probe", figure: { kind: "value", value: 0 }, n: 100 });
    const byServer = [
      { server: "a", timeline: 1, writes: 2 },
      { server: null, timeline: 2, writes: 1 },
    ];
    expect(ofSecond({ ...none, writes: 3, byServer })).toMatchObject({
      of: "write-probe: 2 by a on timeline 1, 1 by a server without an address on timeline 2",
      figure: { kind: "value", value: 3 },
    });
  });

  test("are at least so many where some do not say it, and not known where there was none", () => {
    const some = { ...none, untold: 5 };
    expect(ofSecond({ ...some, writes: 3 })).toMatchObject({
      figure: { kind: "at-least", value: 3 },
      n: 105,
    });
    expect(ofSecond(some).figure).toEqual({
      kind: "withheld",
      reason: "5 of 105 acknowledged writes do not say which server committed them",
    });
  });

  test("are not known where none was acknowledged", () => {
    const reason = "no write probe was acknowledged";
    expect(ofSecond({ ...none, told: 0 }).figure).toEqual({ kind: "withheld", reason });
  });

  function ofSecond(second: SecondAcknowledgements) {
    return findingOf(second);
  }
});

function write(
  id: number,
  startUs: number,
  endUs: number,
  timeline: number,
  server: string | null,
): ToldWrite {
  const sample = { id, intendedUs: startUs, startUs, endUs, outcome: "ok", code: null } as const;
  return { sample, by: { timeline, address: server }, server };
}
