import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { leaderAt } from "./leader-at.ts";

test("the leader is the last holder of the leader key before the moment, not at it", () => {
  const events = [key(1, "a"), key(5, "b")];
  expect(leaderAt(events, "g", 1)).toBeNull();
  expect(leaderAt(events, "g", 5)).toBe("a");
  expect(leaderAt(events, "g", 6)).toBe("b");
});

test("without a key it is the last member that answered as a primary", () => {
  expect(leaderAt([answer(1, "a", false), answer(2, "b", true), answer(3, "c", null)], "g", 9)).toBe("a");
  expect(leaderAt([answer(1, "a", false), answer(2, "b", false)], "g", 9)).toBe("b");
});

test("the key says it whatever answers say", () => {
  expect(leaderAt([key(1, "a"), answer(2, "b", false)], "g", 9)).toBe("a");
});

test("another group's key and answers say nothing of it", () => {
  const others = [
    { ...key(1, "a"), group: "other" },
    { ...answer(2, "b", false), group: "other" },
  ];
  expect(leaderAt(others, "g", 9)).toBeNull();
});

test("pg_auto_failover's monitor says it as a key does, until it wants another to be primary", () => {
  const node = (atUs: number, member: string, assigned: string): ClusterEvent => ({
    ...{ kind: "monitored-node", atUs, group: "g", member, reported: "primary", assigned, healthy: true },
  });
  const events = [
    node(1, "a", "primary"),
    node(2, "a", "draining"),
    answer(3, "c", false),
    node(4, "b", "wait_primary"),
  ];
  expect(leaderAt(events, "g", 4)).toBe("a");
  expect(leaderAt(events, "g", 9)).toBe("b");
});

function key(atUs: number, leader: string) {
  return { kind: "leader-key-set", atUs, group: "g", leader } as const satisfies ClusterEvent;
}

function answer(atUs: number, member: string, inRecovery: boolean | null) {
  return {
    kind: "postgres-state",
    atUs,
    group: "g",
    member,
    reachable: inRecovery !== null,
    inRecovery,
    timeline: 1,
  } as const satisfies ClusterEvent;
}
