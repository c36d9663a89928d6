import { describe, expect, test } from "vitest";
import { layOut } from "../model/layout.ts";
import type { VictimSelector } from "../model/scenario.ts";
import { fakeTopology, type TopologyChanges } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/cluster-view.fake.ts";
import { emptyView } from "../observe/cluster-view.ts";
import { chooseVictim } from "./victims.ts";

function victim(selector: VictimSelector, choice = 0, changes: TopologyChanges = {}): string {
  const layout = layOut(fakeTopology(changes));
  return chooseVictim(selector, viewAfter(layout), layout, choice).node;
}

describe("chooseVictim", () => {
  test("the primary of the coordinators is the holder of their leader key", () => {
    const layout = layOut(fakeTopology());
    expect(chooseVictim("primary of coordinators", viewAfter(layout), layout, 0.5)).toEqual({
      node: "coordinator-1",
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
      (choice) => chooseVictim("synchronous replica of coordinators", view, layout, choice).node,
    );
    expect(chosen).toEqual(["coordinator-2", "coordinator-3"]);
  });

  test("chance decides among worker groups", () => {
    expect(victim("primary of one worker group", 0)).toBe("worker-1a");
    expect(victim("primary of one worker group", 0.8)).toBe("worker-4a");
    expect(victim("standby of one worker group", 0.3)).toBe("worker-2b");
  });

  test("the only node is a victim only where there is one", () => {
    const single = { etcd: { members: 0 }, coordinators: { members: 1 }, workers: { groups: 0 } };
    expect(victim("the only node", 0, single)).toBe("coordinator-1");
    expect(() => victim("the only node")).toThrow("the topology has 11 PostgreSQL nodes");
  });

  test("a victim that the topology does not have is refused with what was found", () => {
    expect(() => victim("primary of one worker group", 0, { workers: { groups: 0 } })).toThrow(
      'Expected a node that is "primary of one worker group"; found: there is no such group.',
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
