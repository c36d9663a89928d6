import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../../model/event.ts";
import { layOut } from "../../cluster/components/lay-out.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { applyEvent, primaryOf } from "./cluster-view.ts";
import { viewAfter } from "./cluster-view.fake.ts";

const layout = layOut(fakeTopology());
const group = "coordinators";

function postgres(member: string, inRecovery: boolean | null, timeline: number | null): ClusterEvent {
  const reachable = inRecovery !== null;
  return { kind: "postgres-state", atUs: 2000, group, member, reachable, inRecovery, timeline };
}

function standbysOf(primary: string, streaming: string[]): ClusterEvent {
  return {
    kind: "replication-state",
    atUs: 2000,
    group,
    primary,
    streaming,
    synchronous: streaming.slice(0, 1),
  };
}

describe("applyEvent", () => {
  test("what a primary said of its standbys is forgotten when it is a primary no more", () => {
    expect(viewAfter(layout).streaming[group]).toEqual(["coordinator-2", "coordinator-3"]);
    const view = viewAfter(layout, [postgres("coordinator-1", null, null)]);
    expect(view.streaming[group]).toEqual([]);
    expect(view.synchronous[group]).toEqual([]);
  });

  test("of two primaries, the standbys of the one that holds the leader key count", () => {
    const events: ClusterEvent[] = [
      { kind: "leader-key-gone", atUs: 2000, group, leader: "coordinator-1" },
      { kind: "leader-key-set", atUs: 2000, group, leader: "coordinator-2" },
      postgres("coordinator-2", false, 2),
      standbysOf("coordinator-2", ["coordinator-3"]),
      standbysOf("coordinator-1", []),
    ];
    const view = viewAfter(layout, events);
    expect(primaryOf(view, group)).toBe("coordinator-2");
    expect(view.streaming[group]).toEqual(["coordinator-3"]);
  });

  test("the leader is the node that pg_auto_failover's monitor wants to be primary, and nobody between two", () => {
    const node = (member: string, reported: string, assigned: string): ClusterEvent => ({
      ...{ kind: "monitored-node", atUs: 2000, group, member, reported, assigned, healthy: true },
    });
    const lost = viewAfter(layout, [
      node("coordinator-1", "primary", "primary"),
      node("coordinator-2", "secondary", "secondary"),
      node("coordinator-1", "primary", "draining"),
      node("coordinator-2", "secondary", "prepare_promotion"),
    ]);
    expect(lost.leaders[group]).toBeNull();
    const again = applyEvent(
      applyEvent(lost, node("coordinator-2", "stop_replication", "wait_primary")),
      node("coordinator-1", "primary", "demoted"),
    );
    expect(again.leaders[group]).toBe("coordinator-2");
    expect(again.monitored["coordinator-1"]).toEqual({
      reported: "primary",
      assigned: "demoted",
      healthy: true,
    });
  });

  test("of two primaries without a leader key, the one on the higher timeline counts", () => {
    const view = viewAfter(layout, [
      { kind: "leader-key-gone", atUs: 2000, group, leader: "coordinator-1" },
      postgres("coordinator-2", false, 2),
    ]);
    expect(primaryOf(view, group)).toBe("coordinator-2");
  });

  test("a server that is failing and still in use is up", () => {
    const view = viewAfter(layout, [
      {
        kind: "proxy-server",
        atUs: 2000,
        backend: "read_write",
        server: "coordinator-1",
        status: "UP 1/3",
        up: true,
      },
    ]);
    expect(view.proxy.read_write?.["coordinator-1"]).toBe(true);
  });

  test("events that say nothing of the cluster leave the very same view", () => {
    const view = viewAfter(layout);
    expect(applyEvent(view, { kind: "note", atUs: 1, text: "x" })).toBe(view);
    expect(applyEvent(view, { kind: "loop-tick", atUs: 1, group })).toBe(view);
  });

  test("a member that no layout knows changes nothing", () => {
    expect(viewAfter(layout, [postgres("stranger", false, 9)]).members).toEqual(viewAfter(layout).members);
  });
});
