import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { SynchronousMode } from "../model/topology.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { roleAt } from "./role-at.ts";

const s = 1_000_000;

describe("the role of a victim", () => {
  test("is primary for the holder of the leader key", () => {
    expect(role("coordinator-1", "on", [leads(1, "coordinator-1")])).toBe("primary");
  });

  test("is what the leader's list of standbys says of it", () => {
    const events = [leads(1, "coordinator-1"), lists(2, "coordinator-1", ["coordinator-3"])];
    expect(role("coordinator-3", "on", events)).toBe("synchronous standby");
    expect(role("coordinator-2", "on", events)).toBe("asynchronous replica");
  });

  test("is one of a quorum only while another may confirm in its place", () => {
    const both = [leads(1, "coordinator-1"), lists(2, "coordinator-1", ["coordinator-2", "coordinator-3"])];
    expect(role("coordinator-2", "quorum", both)).toBe("quorum standby");
    expect(role("coordinator-2", "on", both)).toBe("synchronous standby");
    const alone = [...both, lists(3, "coordinator-1", ["coordinator-2"])];
    expect(role("coordinator-2", "quorum", alone)).toBe("synchronous standby");
  });

  test("is the one of the moment: neither later lists nor those of an earlier leader count", () => {
    const events = [
      leads(1, "coordinator-2"),
      lists(2, "coordinator-2", ["coordinator-3"]),
      leads(3, "coordinator-1"),
      lists(4, "coordinator-1", ["coordinator-2"]),
      lists(10, "coordinator-1", ["coordinator-3"]),
    ];
    expect(role("coordinator-3", "on", events)).toBe("asynchronous replica");
    expect(role("coordinator-2", "on", events)).toBe("synchronous standby");
  });

  test("is not known where nobody listed the leader's standbys", () => {
    expect(role("coordinator-3", "on", [leads(1, "coordinator-1")])).toBeNull();
  });

  test("is not known where only an earlier leader listed its standbys", () => {
    const events = [
      leads(1, "coordinator-2"),
      lists(2, "coordinator-2", ["coordinator-3"]),
      leads(3, "coordinator-1"),
    ];
    expect(role("coordinator-3", "on", events)).toBeNull();
  });

  test("is none for what is no coordinator, though the coordinators' standbys are listed", () => {
    const events = [leads(1, "coordinator-1"), lists(2, "coordinator-1", ["coordinator-3"])];
    expect(role("worker-1b", "on", events)).toBeNull();
    expect(role("agent-of-nobody", "on", events)).toBeNull();
  });

  test("is none for a worker's node: the probes do not write there", () => {
    expect(role("worker-1b", "on", [leads(1, "coordinator-1")])).toBeNull();
  });
});

function role(node: string, synchronousMode: SynchronousMode, events: readonly ClusterEvent[]) {
  return roleAt(node, fakeTopology({ coordinators: { synchronousMode } }), events, 10 * s);
}

function leads(seconds: number, leader: string): ClusterEvent {
  return { kind: "leader-key-set", atUs: seconds * s, group: "coordinators", leader };
}

function lists(seconds: number, primary: string, synchronous: readonly string[]): ClusterEvent {
  const streaming = ["coordinator-1", "coordinator-2", "coordinator-3"].filter((name) => name !== primary);
  return {
    kind: "replication-state",
    atUs: seconds * s,
    group: "coordinators",
    primary,
    streaming,
    synchronous,
  };
}
