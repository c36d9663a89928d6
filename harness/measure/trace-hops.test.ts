import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { Outage } from "./failover-outages.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { traceHops } from "./trace-hops.ts";

const window: InjectionWindow = {
  injection: 1,
  fault: "kill-node",
  victim: "c1",
  nodes: ["c1"],
  commandFailed: null,
  loopPhase: 0.5,
  faultAtUs: 10e6,
  windowEndUs: 60e6,
  healedAtUs: 40e6,
  nextFaultUs: 60e6,
  inForceSeconds: null,
  settled: true,
};
const outage: Outage = { fromUs: 10.1e6, toUs: 33e6, unseenFromUs: null };
const start: ClusterEvent[] = [
  { kind: "leader-key-set", atUs: 1e6, group: "coordinators", leader: "c1" },
  postgres(1e6, "c1", false),
];

describe("a failover by the lease", () => {
  const failover: ClusterEvent[] = [
    ...start,
    postgres(10.1e6, "c1", null),
    proxy(14e6, "c1", false),
    { kind: "leader-key-gone", atUs: 30e6, group: "coordinators", leader: "c1" },
    { kind: "leader-key-set", atUs: 30.1e6, group: "coordinators", leader: "c2" },
    postgres(31e6, "c2", false),
    proxy(32e6, "c2", true),
    { kind: "connection-made", atUs: 32.5e6, stream: "write-probe", endpoint: "readWrite" },
  ];

  test("is cut at each hop's event", () => {
    const { hops, newPrimary } = traceHops(window, [outage], failover, "coordinators");
    expect(hops.map(({ hop, tookSeconds }) => [hop, took(tookSeconds)])).toEqual([
      ["noticed", 4],
      ["lease-gone", 16],
      ["promoted", 1],
      ["proxy-up", 1],
      ["pooler", 0.5],
      ["first-success", 0.5],
    ]);
    expect(newPrimary).toBe("c2");
    expect(hops[0]?.evidence).toBe("haproxy: c1 DOWN in read_write");
  });

  test("adds up to the time from the fault to the first lasting success when a hop was not seen", () => {
    const unseen = failover.filter(({ kind }) => kind !== "leader-key-gone" && kind !== "leader-key-set");
    const { hops } = traceHops(window, [outage], [...start, ...unseen], "coordinators");
    expect(hops[1]).toMatchObject({ hop: "lease-gone", atUs: null, evidence: "c1 kept the leader key" });
    expect(hops.reduce((sum, { tookSeconds }) => sum + took(tookSeconds), 0)).toBeCloseTo(23, 6);
  });

  test("gives 0 to a hop that came before its predecessor, and cuts one that was seen after the success", () => {
    const early = failover.map((event) =>
      event.kind === "proxy-server" && event.up ? { ...event, atUs: 30.9e6 } : event,
    );
    expect(took(traceHops(window, [outage], early, "coordinators").hops[3]!.tookSeconds)).toBe(0);
    const late = failover.map((event) =>
      event.kind === "proxy-server" && event.up ? { ...event, atUs: 33.4e6 } : event,
    );
    const { hops } = traceHops(window, [outage], late, "coordinators");
    expect(hops[3]?.atUs).toBe(33e6);
    expect(hops.reduce((sum, { tookSeconds }) => sum + took(tookSeconds), 0)).toBeCloseTo(23, 6);
  });
});

test("a switchover's key is handed over: the lease hop is when another takes it", () => {
  const events: ClusterEvent[] = [
    ...start,
    { kind: "leader-key-set", atUs: 10.8e6, group: "coordinators", leader: "c2" },
    postgres(11e6, "c2", false),
  ];
  const { hops } = traceHops(
    window,
    [{ fromUs: 10.1e6, toUs: 11.6e6, unseenFromUs: null }],
    events,
    "coordinators",
  );
  expect(hops[1]).toMatchObject({ atUs: 10.8e6, evidence: "etcd: leader key of coordinators handed to c2" });
});

test("a restart in place keeps the key, and nobody new is primary", () => {
  const events: ClusterEvent[] = [...start, postgres(10.1e6, "c1", null), postgres(13e6, "c1", false)];
  const { hops, newPrimary } = traceHops(
    window,
    [{ fromUs: 10.1e6, toUs: 13.2e6, unseenFromUs: null }],
    events,
    "coordinators",
  );
  expect(newPrimary).toBeNull();
  expect(hops[1]).toMatchObject({ atUs: null, evidence: "c1 kept the leader key" });
  expect(hops[2]).toMatchObject({ atUs: 13e6 });
  expect(hops[2]?.evidence).toContain("restarted in place");
});

test("a cluster that never recovers has a last hop of at least the time that was watched", () => {
  const { hops } = traceHops(
    window,
    [{ fromUs: 10.1e6, toUs: null, unseenFromUs: null }],
    [...start, proxy(14e6, "c1", false)],
    "coordinators",
  );
  expect(hops.at(-1)?.tookSeconds).toEqual({ kind: "at-least", value: 46 });
});

test("without an outage there is no first success to measure", () => {
  expect(traceHops(window, [], start, "coordinators").hops.at(-1)?.tookSeconds.kind).toBe("withheld");
});

describe("a fault with several outages", () => {
  const events: ClusterEvent[] = [
    ...start,
    postgres(10.1e6, "c1", null),
    proxy(14e6, "c1", false),
    { kind: "leader-key-gone", atUs: 30e6, group: "coordinators", leader: "c1" },
    { kind: "leader-key-set", atUs: 30.1e6, group: "coordinators", leader: "c2" },
    postgres(31e6, "c2", false),
    proxy(32e6, "c2", true),
  ];
  const blip: Outage = { fromUs: 10.02e6, toUs: 10.08e6, unseenFromUs: null };
  const real: Outage = { fromUs: 12e6, toUs: 33e6, unseenFromUs: null };

  test("is cut by the one in which somebody was promoted, not by a blip before it, and says which", () => {
    const { hops, newPrimary } = traceHops(window, [blip, real], events, "coordinators");
    expect(newPrimary).toBe("c2");
    expect(hops.map(({ hop, tookSeconds }) => [hop, took(tookSeconds)])).toEqual([
      ["noticed", 4],
      ["lease-gone", 16],
      ["promoted", 1],
      ["proxy-up", 1],
      ["pooler", 0],
      ["first-success", 1],
    ]);
    expect(hops.at(-1)?.evidence).toBe(
      "write-probe: first success that lasted (outage 2 of 2 after this fault)",
    );
  });

  test("is cut by the one with the promotion though a later one is longer", () => {
    const later: Outage = { fromUs: 35e6, toUs: 59e6, unseenFromUs: null };
    expect(traceHops(window, [real, later], events, "coordinators").hops.at(-1)?.atUs).toBe(33e6);
  });

  test("is cut by the longest where nobody was promoted", () => {
    expect(traceHops(window, [blip, real], start, "coordinators").hops.at(-1)?.atUs).toBe(33e6);
    const shorter: Outage = { fromUs: 40e6, toUs: 41e6, unseenFromUs: null };
    expect(traceHops(window, [real, shorter], start, "coordinators").hops.at(-1)?.atUs).toBe(33e6);
  });

  test("is cut by one that had just ended when an observer came round to see the promotion", () => {
    const late = events.map((event) => (event.atUs >= 31e6 ? { ...event, atUs: event.atUs + 2.5e6 } : event));
    const longer: Outage = { fromUs: 36e6, toUs: 59e6, unseenFromUs: null };
    expect(traceHops(window, [blip, real, longer], late, "coordinators").hops.at(-1)?.atUs).toBe(33e6);
  });
});

describe("the new primary is whom anybody saw first", () => {
  const crash: InjectionWindow = { ...window, faultAtUs: 10e6 };
  const outage: Outage = { fromUs: 10.05e6, toUs: 10.93e6, unseenFromUs: null };
  const key: ClusterEvent = { kind: "leader-key-set", atUs: 10.596e6, group: "coordinators", leader: "c2" };
  const seen = [...start, postgres(3e6, "c2", true), postgres(10.06e6, "c1", null), key];

  test("HAProxy, which was up at 0.917 s, before the observer's next look at the member at 0.977 s", () => {
    const { hops, newPrimary } = traceHops(
      crash,
      [outage],
      [...seen, proxy(10.917e6, "c2", true), postgres(10.977e6, "c2", false)],
      "coordinators",
    );
    expect(newPrimary).toBe("c2");
    expect(hops[2]).toMatchObject({ atUs: 10.917e6, evidence: "haproxy: c2 UP in read_write" });
    expect(hops[3]).toMatchObject({ atUs: 10.917e6, tookSeconds: { kind: "value", value: 0 } });
  });

  test("the same when no observer looked at the member again in time, or saw the old one come back first", () => {
    const up = proxy(10.917e6, "c2", true);
    expect(traceHops(crash, [outage], [...seen, up], "coordinators").newPrimary).toBe("c2");
    const back = [...seen, postgres(10.3e6, "c1", false), up].toSorted((a, b) => a.atUs - b.atUs);
    expect(traceHops(crash, [outage], back, "coordinators").newPrimary).toBe("c2");
  });

  test("its Patroni", () => {
    const patroni: ClusterEvent = {
      kind: "member-state",
      atUs: 10.7e6,
      group: "coordinators",
      member: "c2",
      role: "primary",
      state: "running",
      timeline: 2,
    };
    const { hops, newPrimary } = traceHops(crash, [outage], [...seen, patroni], "coordinators");
    expect(newPrimary).toBe("c2");
    expect(hops[2]).toMatchObject({ atUs: 10.7e6, evidence: "patroni: c2 is primary" });
  });

  test("the owner of the leader key at 0.596 s, where writes were served afterwards", () => {
    expect(traceHops(crash, [outage], seen, "coordinators").newPrimary).toBe("c2");
    expect(traceHops(crash, [{ ...outage, toUs: null }], seen, "coordinators").newPrimary).toBeNull();
  });

  test("no server of another group", () => {
    const other = [...seen.filter((event) => event !== key), proxy(10.9e6, "w1", true)];
    expect(traceHops(crash, [outage], other, "coordinators").newPrimary).toBeNull();
  });
});

test("a last hop in which the client itself stood still is bounded", () => {
  const outage: Outage = { fromUs: 10.1e6, toUs: 22.7e6, unseenFromUs: 10.7e6 };
  const { hops } = traceHops(window, [outage], [...start, postgres(10.4e6, "c2", false)], "coordinators");
  const last = hops.at(-1)!;
  expect(last.evidence).toBe(
    "write-probe: first success that was seen; the client itself stood still before it",
  );
  expect(last.tookSeconds).toMatchObject({ kind: "between", high: 12.3 });
  expect(last.tookSeconds.kind === "between" && last.tookSeconds.low).toBeCloseTo(0.3, 6);
});

function took(figure: { kind: string; value?: number }): number {
  return figure.value ?? 0;
}

function proxy(atUs: number, server: string, up: boolean): ClusterEvent {
  return { kind: "proxy-server", atUs, backend: "read_write", server, status: up ? "UP" : "DOWN", up };
}

/** `inRecovery` null: unreachable. */
function postgres(atUs: number, member: string, inRecovery: boolean | null): ClusterEvent {
  return {
    kind: "postgres-state",
    atUs,
    group: "coordinators",
    member,
    reachable: inRecovery !== null,
    inRecovery,
    timeline: null,
  };
}
