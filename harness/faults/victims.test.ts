import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { Victim } from "../model/fault.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { withGroupsInUse } from "../model/layout.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import {
  type GroupsSelector,
  type NodeSet,
  type VictimSelector,
  victimText,
} from "../model/victim-selector.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { emptyView } from "../observe/client/cluster-view.ts";
import { chooseVictim } from "./victims.ts";

function victim(selector: NodeSet, choice = 0, changes: TopologyChanges = {}): string {
  const layout = layOut(fakeTopology(changes));
  return chooseVictim(selector, viewAfter(layout), layout, choice).name;
}

describe("chooseVictim", () => {
  test("the primary of the coordinators is the holder of their leader key", () => {
    const layout = layOut(fakeTopology());
    expect(chooseVictim("primary of coordinators", viewAfter(layout), layout, 0.5)).toEqual({
      name: "coordinator-1",
      nodes: ["coordinator-1"],
      link: null,
      group: "coordinators",
      leader: "coordinator-1",
    });
  });

  test("chance decides among the replicas, and never falls outside", () => {
    expect(victim("one replica of coordinators", 0)).toBe("coordinator-2");
    expect(victim("one replica of coordinators", 0.99)).toBe("coordinator-3");
    expect(victim("one replica of coordinators", 1)).toBe("coordinator-3");
  });

  test("the synchronous replica is the one that the primary lists", () => {
    expect(victim("synchronous replica of coordinators")).toBe("coordinator-2");
  });

  test("with quorum commit chance decides among all that may confirm", () => {
    const layout = layOut(fakeTopology({ coordinators: { synchronousMode: "quorum" } }));
    const view = viewAfter(layout, [
      {
        kind: "replication-state",
        atUs: 2000,
        group: "coordinators",
        primary: "coordinator-1",
        streaming: ["coordinator-2", "coordinator-3"],
        synchronous: ["coordinator-2", "coordinator-3"],
      },
    ]);
    const chosen = [0, 0.9].map(
      (choice) => chooseVictim("synchronous replica of coordinators", view, layout, choice).name,
    );
    expect(chosen).toEqual(["coordinator-2", "coordinator-3"]);
  });

  test("a worker group that was drained is drained no more, and one that was taken into use may be", () => {
    const layout = layOut(fakeTopology({ workers: { groups: 2, spareGroups: 1 } }));
    const now = withGroupsInUse(layout, ["worker-2", "worker-3"]);
    const chosen = [0, 0.99].map((choice) =>
      chooseVictim("every member of one worker group", viewAfter(layout), now, choice),
    );
    expect(chosen.map(({ group }) => group)).toEqual(["worker-2", "worker-3"]);
    expect(now.groups.map(({ name, spare }) => [name, spare])).toEqual([
      ["coordinators", undefined],
      ["worker-1", true],
      ["worker-2", undefined],
      ["worker-3", undefined],
    ]);
  });

  test("chance decides among worker groups", () => {
    expect(victim("primary of one worker group", 0)).toBe("worker-1a");
    expect(victim("primary of one worker group", 0.8)).toBe("worker-4a");
    expect(victim("standby of one worker group", 0.3)).toBe("worker-2b");
    expect(victim("every member of one worker group", 0.6)).toBe("worker-3a, worker-3b");
  });

  test("the only node is a victim only where there is one", () => {
    const single = { etcd: { members: 0 }, coordinators: { members: 1 }, workers: { groups: 0 } };
    expect(victim("the only node", 0, single)).toBe("coordinator-1");
    expect(() => victim("the only node")).toThrow("the topology has 11 PostgreSQL nodes");
  });

  test("a victim that the topology does not have is refused with what was found", () => {
    expect(() => victim("primary of one worker group", 0, { workers: { groups: 0 } })).toThrow(
      'Expected a victim that is "primary of one worker group"; found: there is no such group.',
    );
    expect(() => victim("every member of one worker group", 0, { workers: { groups: 0 } })).toThrow(
      "there is no such group",
    );
    expect(() => victim("standby of one worker group", 0, { workers: { membersPerGroup: 1 } })).toThrow(
      "no member is a running standby",
    );
  });

  test("a group that has no leader now is refused", () => {
    const layout = layOut(fakeTopology());
    expect(() => chooseVictim("primary of coordinators", emptyView(layout), layout, 0)).toThrow(
      "coordinators has no leader",
    );
  });
});

describe("of etcd", () => {
  test("the leader is who says so, a follower is any other, and a majority is the least without which there is no quorum", () => {
    expect(victim("leader of etcd")).toBe("etcd-1");
    expect([0, 0.9].map((choice) => victim("one follower of etcd", choice))).toEqual(["etcd-2", "etcd-3"]);
    expect([0, 0.4, 0.9].map((choice) => victim("a majority of etcd", choice))).toEqual([
      "etcd-1, etcd-2",
      "etcd-2, etcd-3",
      "etcd-1, etcd-3",
    ]);
    expect(victim("a majority of etcd", 0, { etcd: { members: 5 } })).toBe("etcd-1, etcd-2, etcd-3");
    expect(victim("every follower of etcd")).toBe("etcd-2, etcd-3");
  });

  test("guards are chosen where there are any", () => {
    const layout = layOut(fakeTopology());
    const guards = [1, 2, 3].map((number) => ({
      name: `guard-${number}`,
      component: "guard",
      group: null,
      fronts: null,
    }));
    const guarded = { ...layout, nodes: [...layout.nodes, ...guards] };
    const chosen = (selector: VictimSelector, choice: number): string =>
      chooseVictim(selector, viewAfter(layout), guarded, choice).name;
    expect([0, 0.5, 0.9].map((choice) => chosen("one guard", choice))).toEqual([
      "guard-1",
      "guard-2",
      "guard-3",
    ]);
    expect(chosen("every guard", 0)).toBe("guard-1, guard-2, guard-3");
    expect(() => chooseVictim("one guard", viewAfter(layout), layout, 0)).toThrow("the topology has none");
  });

  test("a victim outside PostgreSQL is timed by the coordinators' loop", () => {
    const layout = layOut(fakeTopology());
    expect(chooseVictim("a majority of etcd", viewAfter(layout), layout, 0)).toEqual({
      name: "etcd-1, etcd-2",
      nodes: ["etcd-1", "etcd-2"],
      link: null,
      group: "coordinators",
      leader: "coordinator-1",
    });
  });

  test("while etcd has no leader, or two that say so, neither leader nor follower is a victim", () => {
    const layout = layOut(fakeTopology());
    const says = (member: string, state: "leader" | "leaderless"): ClusterEvent => ({
      ...{ kind: "etcd-member", atUs: 2000, member, state, term: 3, inSync: true },
    });
    expect(() =>
      chooseVictim("leader of etcd", viewAfter(layout, [says("etcd-1", "leaderless")]), layout, 0),
    ).toThrow("etcd has no leader");
    expect(() =>
      chooseVictim("one follower of etcd", viewAfter(layout, [says("etcd-2", "leader")]), layout, 0),
    ).toThrow("etcd has 2 leaders");
  });
});

describe("a link", () => {
  const layout = layOut(fakeTopology());
  const chosen = (selector: VictimSelector): Victim => chooseVictim(selector, viewAfter(layout), layout, 0);

  test("is between all nodes of its ends, both ways", () => {
    expect(chosen({ between: "primary of coordinators", and: "every member of etcd" })).toMatchObject({
      name: "coordinator-1 <-> etcd-1, etcd-2, etcd-3",
      nodes: ["coordinator-1", "etcd-1", "etcd-2", "etcd-3"],
      link: { from: ["coordinator-1"], to: ["etcd-1", "etcd-2", "etcd-3"], bothWays: true },
      group: "coordinators",
    });
  });

  test("may be cut from one end to the other alone", () => {
    expect(chosen({ from: "the clients", to: "haproxy" })).toMatchObject({
      name: "agent -> haproxy",
      link: { from: ["agent"], to: ["haproxy"], bothWays: false },
    });
  });

  test("a node of both ends counts to the smaller one", () => {
    for (const selector of [
      { between: "leader of etcd", and: "every member of etcd" },
      { between: "leader of etcd", and: "every follower of etcd" },
    ] as const)
      expect(chosen(selector).name).toBe("etcd-1 <-> etcd-2, etcd-3");
    expect(chosen({ between: "every member of etcd", and: "leader of etcd" }).name).toBe(
      "etcd-2, etcd-3 <-> etcd-1",
    );
    const alone = { between: "leader of etcd", and: "every member of etcd" } as const;
    const single = layOut(fakeTopology({ etcd: { members: 1 } }));
    expect(() => chooseVictim(alone, viewAfter(single), single, 0)).toThrow(
      "both of its ends are the same nodes",
    );
  });

  test("may end at several worker groups", () => {
    expect(
      chosen({ between: "every member of coordinators", and: { hit: "primary", workerGroups: 2 } }).name,
    ).toBe("coordinator-1, coordinator-2, coordinator-3 <-> worker-1a, worker-2a");
  });

  test("of a worker's group is timed by that group's loop", () => {
    const link = { between: "primary of one worker group", and: "every member of etcd" } as const;
    expect(chosen(link)).toMatchObject({ group: "worker-1", leader: "worker-1a" });
  });
});

describe("a share of the worker groups", () => {
  const chosen = (selector: GroupsSelector, choice = 0, groups = 4): Victim => {
    const layout = layOut(fakeTopology({ workers: { groups } }));
    return chooseVictim(selector, viewAfter(layout), layout, choice);
  };

  test("is so many of them, rounded down, each with what is hit of it, and chance decides which", () => {
    expect(chosen({ hit: "primary", shareOfWorkerGroups: 0.5 })).toMatchObject({
      name: "worker-1a, worker-2a",
      nodes: ["worker-1a", "worker-2a"],
      group: "worker-1",
    });
    expect(chosen({ hit: "primary", shareOfWorkerGroups: 0.5 }, 0.99).name).toBe("worker-1a, worker-4a");
    expect(chosen({ hit: "standby", shareOfWorkerGroups: 0.5 }, 0.3, 5).name).toBe("worker-2b, worker-3b");
    expect(chosen({ hit: "every member", workerGroups: 1 }, 0.6).name).toBe("worker-3a, worker-3b");
    expect(chosen({ hit: "primary", shareOfWorkerGroups: 1 }, 0.6).nodes).toHaveLength(4);
    // 0.7 * 10 is 7 in decimals, and a little less in binary.
    expect(chosen({ hit: "primary", shareOfWorkerGroups: 0.7 }, 0, 10).nodes).toHaveLength(7);
    expect(chosen({ hit: "primary", shareOfWorkerGroups: 0.29 }, 0, 100).nodes).toHaveLength(29);
  });

  test("that is none of them, or more than there are, hits nobody", () => {
    expect(() => chosen({ hit: "primary", shareOfWorkerGroups: 0.2 })).toThrow(
      'Expected a victim that is "primary of 20 % of the worker groups"; found: there are 4 worker groups in use.',
    );
    expect(() => chosen({ hit: "primary", workerGroups: 5 })).toThrow("there are 4 worker groups in use");
  });

  test("is told in words, with their number where it is known", () => {
    const half = { hit: "primary", shareOfWorkerGroups: 0.5 } as const;
    expect(victimText(half)).toBe("primary of 50 % of the worker groups");
    expect(victimText(half, 4)).toBe("primary of 50 % of the worker groups (2 of 4)");
    expect(victimText({ hit: "every member", workerGroups: 1 })).toBe("every member of 1 worker group");
    expect(victimText({ from: "the clients", to: { hit: "primary", workerGroups: 2 } }, 4)).toBe(
      "link from the clients to primary of 2 worker groups",
    );
  });
});
