import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { HoldUntil } from "../model/hold.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { isReached } from "./hold.ts";

const layout = layOut(fakeTopology());
const before = viewAfter(layout);

describe("circuit-open", () => {
  test("is reached when the backend that had the server up has it down", () => {
    expect(reached("circuit-open", "coordinator-2", [])).toBe(false);
    expect(reached("circuit-open", "coordinator-2", [proxy("read_only", "coordinator-2", false)])).toBe(true);
  });

  test("is not reached by another server, nor by a backend that did not have it up before", () => {
    const events = [proxy("read_only", "coordinator-3", false), proxy("read_write", "coordinator-2", false)];
    expect(reached("circuit-open", "coordinator-2", events)).toBe(false);
  });

  test("is never reached of a server that HAProxy does not check", () => {
    expect(reached("circuit-open", "worker-1a", [])).toBe(false);
  });
});

describe("new-primary", () => {
  const taken: ClusterEvent = {
    kind: "leader-key-set",
    atUs: 2000,
    group: "coordinators",
    leader: "coordinator-2",
  };
  const writable: ClusterEvent = {
    kind: "postgres-state",
    atUs: 3000,
    group: "coordinators",
    member: "coordinator-2",
    reachable: true,
    inRecovery: false,
    timeline: 2,
  };

  test("is reached when the new holder of the leader key takes writes, not sooner", () => {
    expect(reached("new-primary", "coordinator-1", [])).toBe(false);
    expect(reached("new-primary", "coordinator-1", [taken])).toBe(false);
    expect(reached("new-primary", "coordinator-1", [taken, writable])).toBe(true);
  });

  test("is not reached by a leader key that is gone", () => {
    const gone: ClusterEvent = {
      kind: "leader-key-gone",
      atUs: 2000,
      group: "coordinators",
      leader: "coordinator-1",
    };
    expect(reached("new-primary", "coordinator-1", [gone, writable])).toBe(false);
  });
});

function reached(until: HoldUntil, node: string, events: readonly ClusterEvent[]): boolean {
  const victim = { name: node, nodes: [node], link: null, group: "coordinators", leader: "coordinator-1" };
  return isReached(until, victim, before, viewAfter(layout, events));
}

function proxy(backend: string, server: string, up: boolean): ClusterEvent {
  return { kind: "proxy-server", atUs: 2000, backend, server, status: up ? "UP" : "DOWN", up };
}
