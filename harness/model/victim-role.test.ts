import { expect, test } from "vitest";
import type { SynchronousMode } from "./topology.ts";
import { fakeTopology } from "./topology.fake.ts";
import { possibleRoles } from "./victim-role.ts";
import type { VictimSelector } from "./victim-selector.ts";

test.each<[SynchronousMode, number, VictimSelector, readonly string[]]>([
  ["on", 3, "primary of coordinators", ["primary"]],
  ["on", 3, "one replica of coordinators", ["synchronous standby", "asynchronous replica"]],
  ["on", 3, "synchronous replica of coordinators", ["synchronous standby"]],
  ["on", 2, "one replica of coordinators", ["synchronous standby"]],
  ["quorum", 3, "one replica of coordinators", ["quorum standby"]],
  ["quorum", 3, "synchronous replica of coordinators", ["quorum standby"]],
  ["quorum", 2, "one replica of coordinators", ["synchronous standby"]],
  ["off", 3, "one replica of coordinators", ["asynchronous replica"]],
  ["on", 3, "primary of one worker group", ["worker primary"]],
  ["on", 3, "standby of one worker group", ["worker standby"]],
  ["on", 3, { hit: "primary", shareOfWorkerGroups: 0.5 }, ["worker primary"]],
  ["on", 3, { hit: "every member", workerGroups: 2 }, ["worker group"]],
])(
  "with synchronous mode %s and %d coordinators, %s may be %j",
  (synchronousMode, members, victim, roles) => {
    const topology = fakeTopology({ coordinators: { members, synchronousMode } });
    expect(possibleRoles(victim, topology, "node-pause")).toEqual(roles);
  },
);

test("a switchover is the primary's, whichever victim is named beside it", () => {
  expect(possibleRoles("one replica of coordinators", fakeTopology(), "planned")).toEqual(["primary"]);
});

test("what writers feel of a reload of all members is the primary's part of it, and of a rolling restart is not known", () => {
  const every = "every member of coordinators";
  expect(possibleRoles(every, fakeTopology(), "reload")).toEqual(["primary"]);
  expect(possibleRoles(every, fakeTopology(), "planned")).toEqual([]);
  expect(possibleRoles("every member of one worker group", fakeTopology(), "reload")).toEqual([
    "worker primary",
  ]);
});

test.each<[VictimSelector, readonly string[]]>([
  ["one follower of etcd", ["etcd follower"]],
  ["leader of etcd", ["etcd leader"]],
  ["a majority of etcd", ["etcd quorum"]],
  ["every follower of etcd", ["etcd quorum"]],
  ["every pgbouncer", []],
  [{ between: "primary of coordinators", and: "every member of etcd" }, ["primary to etcd"]],
  [{ from: "every member of etcd", to: "primary of coordinators" }, ["primary to etcd"]],
  [{ between: "leader of etcd", and: "every follower of etcd" }, ["etcd leader to followers"]],
  [{ between: "one replica of coordinators", and: "every member of etcd" }, []],
  [{ between: "primary of coordinators", and: "one follower of etcd" }, []],
])("%j may be %j", (victim, roles) => {
  expect(possibleRoles(victim, fakeTopology(), "node-loss")).toEqual(roles);
});

test("the only member of etcd is its quorum", () => {
  const single = fakeTopology({ etcd: { members: 1 } });
  expect(possibleRoles("leader of etcd", single, "node-loss")).toEqual(["etcd quorum"]);
});
