import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { fakeWindow } from "./injection.fake.ts";
import { observedSteps } from "./observed-steps.ts";

const s = 1e6;
const start: readonly ClusterEvent[] = [key(1, "c1"), answer(1, "c1", false), answer(1, "c2", true)];

describe("the first sign that the primary is unwell", () => {
  test.each([
    ["HAProxy has it down for writes", proxy(12, "c1", false), "haproxy: c1 DOWN in read_write"],
    [
      "its Patroni is another thing than a running primary",
      patroni(12, "c1", "primary", "stopped"),
      "patroni: c1 is primary, stopped",
    ],
    ["its Patroni demoted it", patroni(12, "c1", "replica", "running"), "patroni: c1 is replica, running"],
    [
      "its Patroni does not answer",
      patroni(12, "c1", "unreachable", "unreachable"),
      "patroni: c1 is unreachable",
    ],
    ["its key is gone", gone(12), "etcd: leader key of coordinators gone"],
    ["its key is another's", key(12, "c2"), "etcd: leader key of coordinators taken by c2"],
    [
      "the monitor's checks do not reach it",
      monitored(12, "c1", "primary", "primary", false),
      "monitor: c1 is not healthy",
    ],
    [
      "the monitor wants it to be another thing",
      monitored(12, "c1", "primary", "draining"),
      "monitor: c1 is to become draining",
    ],
  ])("%s", (_, event, evidence) => {
    expect(hop("noticed", event)).toEqual({ atUs: 12 * s, evidence });
  });

  test.each([
    ["HAProxy has it down for reads", { ...proxy(12, "c1", false), backend: "read_only" }],
    ["HAProxy has it up", proxy(12, "c1", true)],
    ["HAProxy has another down", proxy(12, "c2", false)],
    ["its Patroni is a running primary", patroni(12, "c1", "primary", "running")],
    ["another's Patroni is unwell", patroni(12, "c2", "replica", "stopped")],
    ["the key of another group is gone", { ...gone(12), group: "other" }],
    ["the key of another group is taken", { ...key(12, "x"), group: "other" }],
    ["it holds its key", key(12, "c1")],
  ])("is not that %s", (_, event) => {
    expect(hop("noticed", event)).toEqual({ atUs: null, evidence: "no observer saw the primary unwell" });
  });
});

describe("with pg_auto_failover", () => {
  const draining = monitored(13, "c1", "primary", "draining", false);
  const stopping = monitored(14, "c2", "prepare_promotion", "stop_replication");

  test("the end of the lease is the moment when the monitor takes the primary's part away", () => {
    const evidence = "monitor: c1 is to become draining";
    expect(hop("lease-gone", monitored(12, "c1", "primary", "primary", false), draining)).toEqual({
      atUs: 13 * s,
      evidence,
    });
    expect(hop("lease-gone", monitored(12, "c1", "primary", "primary", false))?.evidence).toBe(
      "c1 kept its state",
    );
  });

  test("a standby whose recovery has ended is promoted only when it lets writes in", () => {
    const ended = answer(15, "c2", false);
    expect(
      hop("promoted", draining, stopping, ended, monitored(17, "c2", "wait_primary", "wait_primary")),
    ).toEqual({
      atUs: 17 * s,
      evidence: "monitor: c2 is wait_primary",
    });
    expect(hop("promoted", draining, stopping, ended, proxy(16, "c2", true))?.atUs).toBe(16 * s);
  });
});

describe("the leader guards", () => {
  const looks = {
    kind: "guard-state",
    atUs: 2 * s,
    group: "coordinators",
    guard: "guard-1",
    watching: true,
  } as const;
  const released = {
    kind: "leader-key-released",
    atUs: 13 * s,
    group: "coordinators",
    leader: "c1",
    by: "guard-1",
    why: "2 of 3 guards agree",
    dryRun: false,
  } as const;

  test("have a hop where they look at the group, and none where they do not", () => {
    expect(hop("released", looks, released)).toEqual({
      atUs: 13 * s,
      evidence: "guard-1: deleted the leader key of c1, 2 of 3 guards agree",
    });
    expect(hop("released", released)).toBeUndefined();
    expect(hop("released", { ...looks, group: "other" }, released)).toBeUndefined();
  });

  test("gave nothing up in a dry run, nor in another group", () => {
    const nothing = { atUs: null, evidence: "the guards deleted no leader key" };
    expect(hop("released", looks, { ...released, dryRun: true })).toEqual(nothing);
    expect(hop("released", looks, { ...released, group: "other" })).toEqual(nothing);
  });
});

describe("the lease", () => {
  test("is gone when the key is, or when another takes it over", () => {
    expect(hop("lease-gone", gone(12), key(13, "c2"))?.atUs).toBe(12 * s);
    expect(hop("lease-gone", key(13, "c2"))).toEqual({
      atUs: 13 * s,
      evidence: "etcd: leader key of coordinators handed to c2",
    });
  });

  test("is kept while its owner has it, whatever happens in other groups", () => {
    const others = [
      { ...gone(12), group: "other" },
      { ...key(12, "x"), group: "other" },
    ];
    expect(hop("lease-gone", key(12, "c1"), ...others)).toEqual({
      atUs: null,
      evidence: "c1 kept the leader key",
    });
  });
});

describe("the new primary", () => {
  test.each([
    ["is writable", answer(12, "c2", false), "postgres: c2 is not in recovery"],
    ["says so by its Patroni", patroni(12, "c2", "primary", "running"), "patroni: c2 is primary"],
    ["is up for writes in HAProxy", proxy(12, "c2", true), "haproxy: c2 UP in read_write"],
  ])("is the first that %s", (_, event, evidence) => {
    const seen = see([event]);
    expect(seen.newPrimary).toBe("c2");
    expect(seen.promotedAtUs).toBe(12 * s);
    expect(hop("promoted", event)).toEqual({ atUs: 12 * s, evidence });
  });

  test.each([
    ["in recovery", answer(12, "c2", true)],
    ["not reachable", { ...answer(12, "c2", false), reachable: false }],
    ["of another group", { ...answer(12, "x", false), group: "other" }],
    ["the old primary, writable all the time", answer(12, "c1", false)],
    ["a primary that does not run yet", patroni(12, "c2", "primary", "starting")],
    ["a running replica", patroni(12, "c2", "replica", "running")],
    ["a running primary of another group", { ...patroni(12, "x", "primary", "running"), group: "other" }],
    ["the old primary by its Patroni", patroni(12, "c1", "primary", "running")],
    ["up for reads", { ...proxy(12, "c2", true), backend: "read_only" }],
    ["down for writes", proxy(12, "c2", false)],
    ["a server that is no member of the group", proxy(12, "x", true)],
    ["the old primary, up for writes", proxy(12, "c1", true)],
  ])("is none that is %s", (_, event) => {
    expect(see([event])).toMatchObject({ newPrimary: null, promotedAtUs: null });
  });

  test("may be a member of whom only Patroni told before, and is none of another group's members", () => {
    expect(see([patroni(11, "c3", "replica", "running"), proxy(12, "c3", true)]).newPrimary).toBe("c3");
    const other = { ...answer(11, "x", true), group: "other" };
    expect(see([other, proxy(12, "x", true)]).newPrimary).toBeNull();
  });

  test("is the new owner of the key where writes were served afterwards, though nobody saw its promotion", () => {
    expect(see([gone(12), key(13, "c2")], episode(10, 20)).newPrimary).toBe("c2");
    expect(see([gone(12), key(13, "c2"), key(14, "c1")], episode(10, 20)).newPrimary).toBeNull();
    expect(see([gone(12), key(13, "c2")], episode(10, null)).newPrimary).toBeNull();
    expect(see([gone(12), key(13, "c2")]).newPrimary).toBeNull();
    expect(see([{ ...key(13, "x"), group: "other" }], episode(10, 20)).newPrimary).toBeNull();
  });
});

describe("a restart in place", () => {
  const back = answer(15, "c1", false);

  test("is seen when the primary is writable again after it was away", () => {
    for (const away of [answer(12, "c1", null), answer(12, "c1", true)]) {
      expect(hop("promoted", answer(11, "c1", false), away, back)).toEqual({
        atUs: 15 * s,
        evidence: "postgres: c1 is not in recovery again (restarted in place)",
      });
    }
    expect(see([answer(12, "c1", null), back]).newPrimary).toBeNull();
  });

  test("is seen where writes were served afterwards, and it has its key or got it back", () => {
    const away = answer(12, "c1", null);
    expect(see([away, back], episode(10, 20)).promotedAtUs).toBe(15 * s);
    expect(see([away, gone(12), key(14, "c1"), back], episode(10, 20)).promotedAtUs).toBe(15 * s);
  });

  test("is none where another has its key when writes are served again", () => {
    const seen = see([answer(12, "c1", null), back, key(16, "c2")], episode(10, 20));
    expect(seen).toMatchObject({ newPrimary: "c2", promotedAtUs: null });
  });

  test("is none where it was never away, or only another was", () => {
    expect(hop("promoted", answer(12, "c1", false), back)?.atUs).toBeNull();
    expect(hop("promoted", answer(12, "c2", null), back)?.atUs).toBeNull();
    expect(hop("promoted", { ...answer(12, "c1", null), group: "other" }, back)?.atUs).toBeNull();
  });
});

describe("HAProxy", () => {
  test("has the new primary up from a second before its promotion was seen, and not earlier", () => {
    expect(proxyUp(proxy(14, "c2", true), answer(15, "c2", false))).toBe(14 * s);
    const early = [patroni(15, "c2", "primary", "running"), proxy(15.5, "c2", true)];
    expect(proxyUp(...early)).toBe(15.5 * s);
    const back = [answer(10.5, "c1", null), proxy(12.9, "c1", true), answer(14, "c1", false)];
    expect(proxyUp(...back)).toBeNull();
    expect(
      proxyUp(...back.map((event) => (event.kind === "proxy-server" ? { ...event, atUs: 13 * s } : event))),
    ).toBe(13 * s);
  });

  test("is named with the server that it did not mark up", () => {
    expect(hop("proxy-up")?.evidence).toBe("haproxy did not mark c1 up in read_write");
  });

  test("is asked for the new primary's server for writes alone", () => {
    const promoted = answer(12, "c2", false);
    expect(proxyUp(promoted, { ...proxy(13, "c2", true), backend: "read_only" })).toBeNull();
    expect(proxyUp(promoted, proxy(13, "c1", true))).toBeNull();
    expect(proxyUp(promoted, proxy(13, "c2", false))).toBeNull();
  });

  function proxyUp(...events: readonly ClusterEvent[]) {
    return hop("proxy-up", ...events)?.atUs;
  }
});

describe("the pooler", () => {
  const through: readonly ClusterEvent[] = [answer(12, "c2", false), proxy(13, "c2", true)];

  test("is through when the write probe connects, from when HAProxy has the primary up to the first success", () => {
    expect(pooler(connected(13))).toBe(13 * s);
    expect(pooler(connected(12.9))).toBeNull();
    expect(pooler(connected(20))).toBe(20 * s);
    expect(pooler(connected(20.1))).toBeNull();
  });

  test("is not through by what other streams do, or reads", () => {
    expect(pooler({ ...connected(14), stream: "read-probe" })).toBeNull();
    expect(pooler({ ...connected(14), endpoint: "readOnly" })).toBeNull();
  });

  function pooler(event: ClusterEvent) {
    return see([...through, event], episode(10, 20)).inOrder.find(([name]) => name === "pooler")?.[1].atUs;
  }
});

describe("the coordinator that finds workers by pg_dist_node", () => {
  const group = "worker-1";
  const failover = [
    { ...key(1, "w1a"), group },
    key(1, "c1"),
    { ...answer(1, "w1a", false), group },
    { ...gone(12), group },
    { ...answer(14, "w1b", false), group },
  ];

  test("knows the new primary when the coordinators' primary has it as the primary of its group", () => {
    expect(told(nodes(2, "c1", "w1a"), nodes(15, "c1", "w1b"))).toEqual({
      atUs: 15 * s,
      evidence: "pg_dist_node on c1: w1b is the primary of its group",
    });
  });

  test("does not know it by a row of a secondary, before the fault, or on a coordinator that is a standby", () => {
    const unknown = {
      atUs: null,
      evidence: "pg_dist_node on the coordinators' primary was not seen to name w1b",
    };
    const secondary = nodes(15, "c1", "w1b");
    const asSecondary = {
      ...secondary,
      nodes: secondary.nodes.map((node) => ({ ...node, role: "secondary" })),
    };
    expect(told(asSecondary)).toEqual(unknown);
    expect(told(nodes(5, "c1", "w1b"))).toEqual(unknown);
    expect(told(nodes(15, "c2", "w1b"))).toEqual(unknown);
    expect(told(nodes(15, "c2", "w1b"), key(15.5, "c2"), nodes(16, "c2", "w1b"))?.atUs).toBe(16 * s);
  });

  test("had the primary all the time where it was restarted in place", () => {
    const inPlace = [
      nodes(2, "c1", "w1a"),
      { ...answer(12, "w1a", null), group },
      { ...answer(13, "w1a", false), group },
    ];
    const seen = observedSteps(fakeWindow(), undefined, [...failover.slice(0, 3), ...inPlace], group);
    expect(Object.fromEntries(seen.inOrder)["coordinator-told"]).toEqual({
      atUs: null,
      evidence: "pg_dist_node named w1a all the time",
    });
  });

  test("is no hop where nobody keeps such a table, nor in a failover of the coordinators", () => {
    expect(told()).toBeUndefined();
    expect(see([nodes(15, "c1", "w1b")]).inOrder.map(([name]) => name)).not.toContain("coordinator-told");
  });

  function told(...events: readonly ClusterEvent[]) {
    const story = [...failover, ...events].toSorted((a, b) => a.atUs - b.atUs);
    return Object.fromEntries(observedSteps(fakeWindow(), undefined, story, group).inOrder)[
      "coordinator-told"
    ];
  }

  function nodes(seconds: number, member: string, host: string) {
    return {
      kind: "citus-nodes",
      atUs: seconds * s,
      group: "coordinators",
      member,
      nodes: [
        { citusGroup: 1, host, role: "primary", active: true, metadataSynced: true, holdsShards: true },
      ],
    } as const satisfies ClusterEvent;
  }
});

test("nothing is seen before the fault, later than a second after the first success, or after the window", () => {
  const seen = (seconds: number, ended: number | null = 20) =>
    see([gone(seconds)], episode(10, ended)).inOrder[0]?.[1].atUs !== null;
  expect([9.9, 10, 21, 21.1].map((seconds) => seen(seconds))).toEqual([false, true, true, false]);
  expect([59, 60, 60.1].map((seconds) => seen(seconds, null))).toEqual([true, true, false]);
});

function hop(wanted: string, ...events: readonly ClusterEvent[]) {
  return see(events).inOrder.find(([name]) => name === wanted)?.[1];
}

function see(events: readonly ClusterEvent[], outage?: { fromUs: number; toUs: number | null }) {
  return observedSteps(fakeWindow(), outage, [...start, ...events], "coordinators");
}

function episode(from: number, to: number | null) {
  return { fromUs: from * s, toUs: to === null ? null : to * s };
}

function key(seconds: number, leader: string) {
  return {
    kind: "leader-key-set",
    atUs: seconds * s,
    group: "coordinators",
    leader,
  } as const satisfies ClusterEvent;
}

function gone(seconds: number) {
  return {
    kind: "leader-key-gone",
    atUs: seconds * s,
    group: "coordinators",
    leader: "c1",
  } as const satisfies ClusterEvent;
}

function answer(seconds: number, member: string, inRecovery: boolean | null) {
  const reachable = inRecovery !== null;
  const atUs = seconds * s;
  return {
    kind: "postgres-state",
    atUs,
    group: "coordinators",
    member,
    reachable,
    inRecovery,
    timeline: 1,
  } as const satisfies ClusterEvent;
}

function patroni(seconds: number, member: string, role: string, state: string) {
  const atUs = seconds * s;
  return {
    kind: "member-state",
    atUs,
    group: "coordinators",
    member,
    role,
    state,
    timeline: 1,
  } as const satisfies ClusterEvent;
}

function proxy(seconds: number, server: string, up: boolean) {
  const status = up ? "UP" : "DOWN";
  const atUs = seconds * s;
  return {
    kind: "proxy-server",
    atUs,
    backend: "read_write",
    server,
    status,
    up,
  } as const satisfies ClusterEvent;
}

function connected(seconds: number) {
  const atUs = seconds * s;
  return {
    kind: "connection-made",
    atUs,
    stream: "write-probe",
    endpoint: "readWrite",
  } as const satisfies ClusterEvent;
}

function monitored(
  at: number,
  member: string,
  reported: string,
  assigned: string,
  healthy = true,
): ClusterEvent {
  return { kind: "monitored-node", atUs: at * s, group: "coordinators", member, reported, assigned, healthy };
}
