import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { countFailovers, failoversIn } from "./failovers.ts";

const s = 1e6;
const all = { fromUs: 10 * s, toUs: 60 * s };

function key(atS: number, leader: string, group = "coordinators"): ClusterEvent {
  return { kind: "leader-key-set", atUs: atS * s, group, leader };
}

function primary(atS: number, member: string, timeline: number, group = "coordinators"): ClusterEvent {
  return {
    kind: "postgres-state",
    ...{ atUs: atS * s, group, member, timeline, reachable: true, inRecovery: false },
  };
}

const before = [primary(1, "coordinator-1", 1), key(1, "coordinator-1")];

describe("a failover", () => {
  test("is one, by the leader key and by the new timeline, whichever is seen first", () => {
    const byKey = [...before, key(20, "coordinator-2"), primary(21, "coordinator-2", 2)];
    const to = { group: "coordinators", from: "coordinator-1", to: "coordinator-2" };
    expect(failoversIn(byKey, all)).toEqual([{ ...to, atUs: 20 * s }]);
    const byTimeline = [...before, primary(19, "coordinator-2", 2), key(20, "coordinator-2")];
    expect(failoversIn(byTimeline, all)).toEqual([{ ...to, atUs: 19 * s }]);
  });

  test("is also the same member's new promotion, and not the key that it takes again", () => {
    const again = [...before, key(20, "coordinator-1")];
    expect(failoversIn(again, all)).toEqual([]);
    const promoted = failoversIn([...again, primary(21, "coordinator-1", 2)], all);
    expect(promoted).toEqual([
      { group: "coordinators", from: "coordinator-1", to: "coordinator-1", atUs: 21 * s },
    ]);
  });

  test("counts once for each time, there and back", () => {
    const events = [
      ...before,
      ...[key(20, "coordinator-2"), primary(21, "coordinator-2", 2)],
      ...[key(30, "coordinator-1"), primary(31, "coordinator-1", 3)],
    ];
    expect(failoversIn(events, all).map(({ to }) => to)).toEqual(["coordinator-2", "coordinator-1"]);
  });

  test("is that of any group", () => {
    const events = [...before, key(2, "worker-1a", "worker-1"), key(20, "worker-1b", "worker-1")];
    expect(failoversIn(events, all)).toMatchObject([{ group: "worker-1", from: "worker-1a" }]);
  });

  test("is none where an old primary wakes on its old timeline, and none of other times", () => {
    const events = [
      ...before,
      ...[key(5, "coordinator-2"), primary(6, "coordinator-2", 2), primary(20, "coordinator-1", 1)],
      key(60, "coordinator-3"),
    ];
    expect(failoversIn(events, all)).toEqual([]);
  });

  test("that nobody could have seen is not said not to have been", () => {
    expect(countFailovers([], before)).toEqual({ kind: "value", value: 0 });
    expect(countFailovers([], []).kind).toBe("withheld");
  });
});
