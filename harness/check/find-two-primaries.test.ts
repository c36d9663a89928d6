import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { findTwoPrimaries } from "./find-two-primaries.ts";

test("one primary after the other is not two", () => {
  expect(findTwoPrimaries([writable(1, "a"), gone(2, "a"), writable(2, "b")])).toEqual([]);
});

test("two writable members are two primaries until one of them is in recovery", () => {
  const events = [writable(1, "a"), writable(5, "b"), recovering(9, "a")];
  expect(findTwoPrimaries(events)).toEqual([{ group: "g", members: ["a", "b"], fromUs: 5, toUs: 9 }]);
});

test("a member that does not answer ends the stretch, and its answer begins another", () => {
  const events = [writable(1, "a"), writable(5, "b"), gone(6, "a"), writable(8, "a"), gone(9, "b")];
  expect(findTwoPrimaries(events).map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
    [5, 6],
    [8, 9],
  ]);
});

test("a stretch that is open at the end lasts to the last event", () => {
  const events: ClusterEvent[] = [
    writable(1, "a"),
    writable(5, "b"),
    { kind: "note", atUs: 20, text: "end" },
  ];
  expect(findTwoPrimaries(events)).toEqual([{ group: "g", members: ["a", "b"], fromUs: 5, toUs: 20 }]);
});

test("primaries of different groups do not meet", () => {
  expect(findTwoPrimaries([writable(1, "a", "g"), writable(2, "b", "h"), gone(9, "a", "g")])).toEqual([]);
});

test("a third primary makes a stretch of its own, with all three named", () => {
  const events = [writable(1, "a"), writable(5, "b"), writable(7, "c"), gone(9, "b"), gone(9, "c")];
  expect(findTwoPrimaries(events).map(({ members }) => members)).toEqual([
    ["a", "b"],
    ["a", "b", "c"],
  ]);
});

test("events that were written out of order are read in order of time", () => {
  const events = [writable(5, "b"), recovering(9, "a"), writable(1, "a")];
  expect(findTwoPrimaries(events)).toHaveLength(1);
});

function state(
  atUs: number,
  member: string,
  group: string,
  reachable: boolean,
  inRecovery: boolean | null,
): ClusterEvent {
  return { kind: "postgres-state", atUs, group, member, reachable, inRecovery, timeline: null };
}

function writable(atUs: number, member: string, group = "g") {
  return state(atUs, member, group, true, false);
}

function recovering(atUs: number, member: string, group = "g") {
  return state(atUs, member, group, true, true);
}

function gone(atUs: number, member: string, group = "g") {
  return state(atUs, member, group, false, null);
}
