import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { traceHops } from "./trace-hops.ts";

const window: InjectionWindow = {
  injection: 1,
  fault: "kill-node",
  victim: "c1",
  loopPhase: 0.5,
  faultAtUs: 10e6,
  windowEndUs: 60e6,
  healedAtUs: 40e6,
  settled: true,
};
const episode = { fromUs: 10.1e6, toUs: 33e6 };
const start: ClusterEvent[] = [
  { kind: "leader-key-set", atUs: 1e6, group: "g", leader: "c1" },
  postgres(1e6, "c1", false),
];

describe("a failover by the lease", () => {
  const failover: ClusterEvent[] = [
    ...start,
    postgres(10.1e6, "c1", null),
    proxy(14e6, "c1", false),
    { kind: "leader-key-gone", atUs: 30e6, group: "g", leader: "c1" },
    { kind: "leader-key-set", atUs: 30.1e6, group: "g", leader: "c2" },
    postgres(31e6, "c2", false),
    proxy(32e6, "c2", true),
    { kind: "connection-made", atUs: 32.5e6, stream: "write-probe", endpoint: "readWrite" },
  ];

  test("is cut at each hop's event", () => {
    const { hops, newPrimary } = traceHops(window, episode, failover, "g");
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
    const { hops } = traceHops(window, episode, [...start, ...unseen], "g");
    expect(hops[1]).toMatchObject({ hop: "lease-gone", atUs: null, evidence: "c1 kept the leader key" });
    expect(hops.reduce((sum, { tookSeconds }) => sum + took(tookSeconds), 0)).toBeCloseTo(23, 6);
  });

  test("gives 0 to a hop that came before its predecessor, and cuts one that was seen after the success", () => {
    const early = failover.map((event) =>
      event.kind === "proxy-server" && event.up ? { ...event, atUs: 30.9e6 } : event,
    );
    expect(took(traceHops(window, episode, early, "g").hops[3]!.tookSeconds)).toBe(0);
    const late = failover.map((event) =>
      event.kind === "proxy-server" && event.up ? { ...event, atUs: 33.4e6 } : event,
    );
    const { hops } = traceHops(window, episode, late, "g");
    expect(hops[3]?.atUs).toBe(33e6);
    expect(hops.reduce((sum, { tookSeconds }) => sum + took(tookSeconds), 0)).toBeCloseTo(23, 6);
  });
});

test("a switchover's key is handed over: the lease hop is when another takes it", () => {
  const events: ClusterEvent[] = [
    ...start,
    { kind: "leader-key-set", atUs: 10.8e6, group: "g", leader: "c2" },
    postgres(11e6, "c2", false),
  ];
  const { hops } = traceHops(window, { fromUs: 10.1e6, toUs: 11.6e6 }, events, "g");
  expect(hops[1]).toMatchObject({ atUs: 10.8e6, evidence: "etcd: leader key of g handed to c2" });
});

test("a restart in place keeps the key, and nobody new is primary", () => {
  const events: ClusterEvent[] = [...start, postgres(10.1e6, "c1", null), postgres(13e6, "c1", false)];
  const { hops, newPrimary } = traceHops(window, { fromUs: 10.1e6, toUs: 13.2e6 }, events, "g");
  expect(newPrimary).toBeNull();
  expect(hops[1]).toMatchObject({ atUs: null, evidence: "c1 kept the leader key" });
  expect(hops[2]).toMatchObject({ atUs: 13e6 });
  expect(hops[2]?.evidence).toContain("restarted in place");
});

test("a cluster that never recovers has a last hop of at least the time that was watched", () => {
  const { hops } = traceHops(
    window,
    { fromUs: 10.1e6, toUs: null },
    [...start, proxy(14e6, "c1", false)],
    "g",
  );
  expect(hops.at(-1)?.tookSeconds).toEqual({ kind: "at-least", value: 46 });
});

test("without an outage there is no first success to measure", () => {
  expect(traceHops(window, undefined, start, "g").hops.at(-1)?.tookSeconds.kind).toBe("withheld");
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
    group: "g",
    member,
    reachable: inRecovery !== null,
    inRecovery,
    timeline: null,
  };
}
