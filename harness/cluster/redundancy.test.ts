import { describe, expect, test } from "vitest";
import { layOut } from "./components/lay-out.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { emptyView } from "../observe/client/cluster-view.ts";
import type { CitusNode, ClusterEvent } from "../model/event.ts";
import { citusNode, citusNodesEvents, viewAfter } from "../observe/client/cluster-view.fake.ts";
import { redundancyGaps } from "./redundancy.ts";

const topology = fakeTopology();
const layout = layOut(topology);
const atUs = 2000;

function gapsAfter(...events: ClusterEvent[]): string[] {
  return redundancyGaps(topology, layout, viewAfter(layout, events));
}

describe("redundancyGaps", () => {
  test("nothing is missing of a whole cluster", () => {
    expect(gapsAfter()).toEqual([]);
  });

  test("before anything was observed, every member, server and pooler is missing", () => {
    const gaps = redundancyGaps(topology, layout, emptyView(layout));
    expect(gaps).toContain("coordinators: coordinator-1 does not answer a direct connection");
    expect(gaps).toContain("worker-4: no member is a primary");
    expect(gaps).toContain("haproxy: nothing is known of coordinator-3 in read_only");
    expect(gaps).toContain("pgbouncer-2: its admin console does not answer");
  });

  test.each<[string, "leader" | "follower" | "leaderless" | "unreachable", boolean, string]>([
    ["etcd-2", "unreachable", false, "etcd: etcd-2 does not answer"],
    ["etcd-2", "leaderless", true, "etcd: etcd-2 knows no leader"],
    ["etcd-3", "follower", false, "etcd: etcd-3 is not in sync"],
    ["etcd-1", "follower", true, "etcd: no member leads"],
    ["etcd-2", "leader", true, "etcd: more than one member leads: etcd-1, etcd-2"],
  ])("when %s is %s (in sync: %s), that is what is missing", (member, state, inSync, gap) => {
    expect(gapsAfter({ kind: "etcd-member", atUs, member, state, term: 3, inSync })).toEqual([gap]);
  });

  test("every leader guard must look at every group that is guarded, and there are none to miss elsewhere", () => {
    const guarded = fakeTopology({ guard: { enabled: true } });
    const withGuards = layOut(guarded);
    const look = (guard: string, watching = true): ClusterEvent => ({
      kind: "guard-state",
      atUs,
      group: "coordinators",
      guard,
      watching,
    });
    const gaps = (...events: ClusterEvent[]): string[] =>
      redundancyGaps(guarded, withGuards, viewAfter(withGuards, events));
    const all = ["guard-1", "guard-2", "guard-3"].map((guard) => look(guard));
    expect(gaps(...all)).toEqual([]);
    expect(gaps(...all, look("guard-2", false))).toEqual(["guard: guard-2 does not look at coordinators"]);
    expect(gaps()).toHaveLength(3);
    const rest = (resting: boolean): ClusterEvent => ({
      kind: "guards-resting",
      atUs,
      group: "coordinators",
      resting,
    });
    expect(gaps(...all, rest(true))).toEqual([
      "guard: the leader key of coordinators was deleted less than 20 s ago (guard.notTwiceWithinSeconds)",
    ]);
    expect(gaps(...all, rest(true), rest(false))).toEqual([]);
  });

  test("a standby that does not stream is named with its primary", () => {
    const gaps = gapsAfter({
      kind: "replication-state",
      atUs,
      group: "worker-2",
      primary: "worker-2a",
      streaming: [],
      synchronous: [],
    });
    expect(gaps).toEqual(["worker-2: worker-2b does not stream from worker-2a"]);
  });

  test("a primary without its synchronous standby is not whole where one is asked for", () => {
    const gaps = gapsAfter({
      kind: "replication-state",
      atUs,
      group: "coordinators",
      primary: "coordinator-1",
      streaming: ["coordinator-2", "coordinator-3"],
      synchronous: [],
    });
    expect(gaps).toEqual(["coordinators: coordinator-1 has no synchronous standby"]);
  });

  test.each([
    ["lists nobody", null, [], "Patroni's key sync lists no standby of coordinator-1 that may take over"],
    [
      "is of an earlier leader",
      "coordinator-3",
      ["coordinator-2"],
      "Patroni's key sync lists no standby of coordinator-1 that may take over",
    ],
  ])(
    "a standby that confirms may not take over yet when Patroni's key sync %s",
    (_, leader, standbys, gap) => {
      expect(gapsAfter({ kind: "sync-key", atUs, group: "coordinators", leader, standbys })).toEqual([
        `coordinators: ${gap}`,
      ]);
    },
  );

  test("with quorum commit every standby must be one that may confirm", () => {
    const quorum = fakeTopology({ coordinators: { synchronousMode: "quorum" } });
    const both = ["coordinator-2", "coordinator-3"];
    const gapsOf = (synchronous: readonly string[], mayLead: readonly string[] = both): string[] =>
      redundancyGaps(
        quorum,
        layout,
        viewAfter(layout, [
          {
            kind: "replication-state",
            atUs,
            group: "coordinators",
            primary: "coordinator-1",
            streaming: ["coordinator-2", "coordinator-3"],
            synchronous,
          },
          { kind: "sync-key", atUs, group: "coordinators", leader: "coordinator-1", standbys: mayLead },
        ]),
      );
    expect(gapsOf(["coordinator-2", "coordinator-3"])).toEqual([]);
    expect(gapsOf(both, ["coordinator-2"])).toEqual([
      "coordinators: Patroni's key sync does not list coordinator-3",
    ]);
    expect(gapsOf(["coordinator-2"])).toEqual([
      "coordinators: coordinator-1 does not count coordinator-3 in its quorum",
    ]);
    expect(gapsOf([])).toEqual(["coordinators: coordinator-1 has no synchronous standby"]);
  });

  test("two writable primaries are told by name", () => {
    const gaps = gapsAfter({
      kind: "postgres-state",
      atUs,
      group: "coordinators",
      member: "coordinator-2",
      reachable: true,
      inRecovery: false,
      timeline: 2,
    });
    expect(gaps).toContain("coordinators: more than one member is a primary: coordinator-1, coordinator-2");
  });

  test("a standby on another timeline than its primary is told", () => {
    const gaps = gapsAfter({
      kind: "postgres-state",
      atUs,
      group: "worker-1",
      member: "worker-1a",
      reachable: true,
      inRecovery: false,
      timeline: 2,
    });
    expect(gaps).toEqual(["worker-1: worker-1b is on timeline 1, its primary worker-1a on 2"]);
  });

  test("a leader key that is gone or elsewhere is told", () => {
    const gone = { kind: "leader-key-gone", atUs, group: "worker-3", leader: "worker-3a" } as const;
    const taken = { kind: "leader-key-set", atUs, group: "worker-3", leader: "worker-3b" } as const;
    expect(gapsAfter(gone)).toEqual(["worker-3: nobody holds the leader key"]);
    expect(gapsAfter(gone, taken)).toEqual([
      "worker-3: worker-3b holds the leader key, but worker-3a is the primary",
    ]);
  });

  test("HAProxy must have the primary down in read_only and a replica up there", () => {
    const server = (name: string, backend: string, up: boolean): ClusterEvent => {
      return { kind: "proxy-server", atUs, backend, server: name, status: up ? "UP" : "DOWN", up };
    };
    expect(gapsAfter(server("coordinator-1", "read_only", true))).toEqual([
      "haproxy: coordinator-1 is up in read_only",
    ]);
    expect(gapsAfter(server("coordinator-3", "read_only", false))).toEqual([
      "haproxy: coordinator-3 is down in read_only",
    ]);
  });

  test("a member whose Patroni is silent or says that it does not run is not whole", () => {
    const say = (role: string, state: string): ClusterEvent => {
      return {
        kind: "member-state",
        atUs,
        group: "worker-1",
        member: "worker-1b",
        role,
        state,
        timeline: null,
      };
    };
    expect(gapsAfter(say("unreachable", "unreachable"))).toEqual([
      "worker-1: the Patroni of worker-1b does not answer",
    ]);
    expect(gapsAfter(say("replica", "starting"))).toEqual([
      "worker-1: Patroni says that worker-1b is starting",
    ]);
  });

  test("a single PostgreSQL without Patroni is whole when it answers and is not in recovery", () => {
    const single = fakeTopology({
      etcd: { members: 0 },
      coordinators: { members: 1, synchronousMode: "off" },
      workers: { groups: 0 },
      pgbouncer: { enabled: false },
      haproxy: { enabled: false },
    });
    const plain = layOut(single);
    expect(redundancyGaps(single, plain, emptyView(plain))).not.toEqual([]);
    expect(redundancyGaps(single, plain, viewAfter(plain))).toEqual([]);
  });
});

describe("with Citus", () => {
  const withCitus = fakeTopology({ sharding: "citus" });
  const coordinators = "coordinator-1, coordinator-2, coordinator-3";

  function citusGaps(events: readonly ClusterEvent[]): string[] {
    return redundancyGaps(withCitus, layout, viewAfter(layout, events));
  }

  function known(host: string, changes: Partial<CitusNode>): ClusterEvent[] {
    return citusNodesEvents(layout, (node) => (node.host === host ? { ...node, ...changes } : node));
  }

  test("nothing is missing where every coordinator knows the primary of every group", () => {
    expect(citusGaps(citusNodesEvents(layout))).toEqual([]);
  });

  test("a coordinator of which pg_dist_node has not been seen is told", () => {
    const [first, ...others] = citusNodesEvents(layout);
    expect(citusGaps(others)).toEqual(["coordinators: pg_dist_node of coordinator-1 has not been seen"]);
    expect(citusGaps([first!])).toHaveLength(2);
  });

  test.each<[string, Partial<CitusNode>, string]>([
    ["is of another group", { citusGroup: 7 }, "Citus knows no primary of it"],
    [
      "has its old primary",
      { host: "worker-2x" },
      "Citus takes worker-2x for its primary, which is worker-2a",
    ],
    ["is not active", { active: false }, "Citus has its primary worker-2a as not active"],
    ["is not synced", { metadataSynced: false }, "Citus has not synced its metadata to worker-2a"],
  ])("a group whose row %s is not whole", (_, changes, problem) => {
    expect(citusGaps(known("worker-2a", changes))).toEqual([
      `worker-2: ${problem} (pg_dist_node on ${coordinators})`,
    ]);
  });

  test("after a failover each coordinator has to know the new primary, the coordinators' own too", () => {
    const promoted = (member: string, group: string, inRecovery: boolean): ClusterEvent => {
      return { kind: "postgres-state", atUs, group, member, reachable: true, inRecovery, timeline: 1 };
    };
    const failover = [promoted("worker-1a", "worker-1", true), promoted("worker-1b", "worker-1", false)];
    const stale = "worker-1: Citus takes worker-1a for its primary, which is worker-1b";
    expect(citusGaps([...citusNodesEvents(layout), ...failover])).toContain(
      `${stale} (pg_dist_node on ${coordinators})`,
    );
    const told: ClusterEvent = {
      ...{ kind: "citus-nodes", atUs, group: "coordinators", member: "coordinator-1" },
      nodes: layout.groups.map(({ name, members }) =>
        citusNode(name, name === "worker-1" ? "worker-1b" : (members[0] ?? "")),
      ),
    };
    expect(citusGaps([...citusNodesEvents(layout), ...failover, told])).toContain(
      `${stale} (pg_dist_node on coordinator-2, coordinator-3)`,
    );
    const switched = [
      promoted("coordinator-1", "coordinators", true),
      promoted("coordinator-3", "coordinators", false),
    ];
    expect(citusGaps([...citusNodesEvents(layout), ...switched])).toContain(
      `coordinators: Citus takes coordinator-1 for its primary, which is coordinator-3 (pg_dist_node on ${coordinators})`,
    );
  });

  test("where the workers' standbys are read from, Citus has to know each of them as an active secondary", () => {
    const reading = fakeTopology({ sharding: "citus", workers: { readFromStandbys: true } });
    const gapsOf = (events: readonly ClusterEvent[]): string[] =>
      redundancyGaps(reading, layout, viewAfter(layout, events));
    expect(gapsOf(citusNodesEvents(layout))).toEqual([]);
    for (const changes of [{ active: false }, { citusGroup: 7 }, { host: "worker-2x" }]) {
      expect(gapsOf(known("worker-2b", changes))).toEqual([
        `worker-2: Citus does not know worker-2b as an active secondary to read from (pg_dist_node on ${coordinators})`,
      ]);
      expect(citusGaps(known("worker-2b", changes))).toEqual([]);
    }
  });

  test("which groups may hold shards is for operations to change", () => {
    expect(citusGaps(known("worker-2a", { holdsShards: false }))).toEqual([]);
  });

  test("where another dialect shards the tables nobody has to know them", () => {
    expect(gapsAfter()).toEqual([]);
  });
});
