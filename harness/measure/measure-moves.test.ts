import { expect, test } from "vitest";
import type { EventOf } from "../model/event.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { fakeWindow } from "./injection.fake.ts";
import { measureMoves } from "./measure-moves.ts";

const plan = fakePlan(["kill-node"]);
const rescaling = {
  injections: plan.injections.map((each) => ({ ...each, failureClass: "rescaling" as const })),
};

function moved(endSeconds: number, changes: Partial<EventOf<"shards-moved">> = {}): EventOf<"shards-moved"> {
  return {
    ...{
      kind: "shards-moved",
      atUs: endSeconds * 1e6,
      name: "p1",
      shards: 2,
      from: "worker-1",
      to: "worker-3",
    },
    ...{ bytes: 3 * 2 ** 20, tookMs: 2000, lockedMs: 12 },
    ...changes,
  };
}

test("what was moved in the window is added up, from the beginning of the first move to the end of the last", () => {
  const events = [moved(8), moved(14), moved(17, { lockedMs: 30, bytes: 2 ** 20 }), moved(61)];
  const { moves } = measureMoves(fakeWindow(), rescaling, events);
  expect(moves).toMatchObject({
    shards: { kind: "value", value: 4 },
    mebibytes: { kind: "value", value: 4 },
    seconds: { kind: "value", value: 5 },
    longestLockMs: { kind: "value", value: 30 },
    endedAtUs: 17e6,
  });
  expect(moves?.each).toHaveLength(2);
});

test("an operation that failed has moved at least so much, and ends with its window where the cluster did not heal", () => {
  const window = fakeWindow({ commandFailed: "a worker did not answer", healedAtUs: null });
  const { moves } = measureMoves(window, rescaling, [moved(14)]);
  expect(moves).toMatchObject({ shards: { kind: "at-least", value: 2 }, endedAtUs: 60e6 });
});

test("of nothing that was moved there is no time, and of a dialect that does not tell no lock", () => {
  expect(measureMoves(fakeWindow(), rescaling, []).moves).toMatchObject({
    shards: { kind: "value", value: 0 },
    seconds: { kind: "withheld" },
    longestLockMs: { kind: "withheld" },
  });
  const { moves } = measureMoves(fakeWindow(), rescaling, [moved(14, { lockedMs: null })]);
  expect(moves?.longestLockMs).toMatchObject({
    kind: "withheld",
    reason: "the dialect does not tell for how long it locks",
  });
});

test("a lock of which the answer was lost may have been the longest", () => {
  const { moves } = measureMoves(fakeWindow(), rescaling, [moved(14), moved(15, { lockedMs: null })]);
  expect(moves?.longestLockMs).toEqual({ kind: "at-least", value: 12 });
});

test("what is not there to move shards has no moves", () => {
  expect(measureMoves(fakeWindow(), plan, [moved(14)])).toEqual({});
});
