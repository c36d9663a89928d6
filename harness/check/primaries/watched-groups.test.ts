import { describe, expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../../model/benchmark-recording.fake.ts";
import type { ClusterEvent, EventOf } from "../../model/event.ts";
import { looks } from "../../model/postgres-states.fake.ts";
import { fakeRecording } from "../../model/recording.fake.ts";
import type { Recording } from "../../model/recording.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { watchedGroups } from "./watched-groups.ts";

const killed = fakeRecording({ injections: [{ fault: "kill-node", writeOutageSeconds: 3 }] });
const healingUs = momentOf(killed, "healing");

test("a group is looked at from when the cluster was ready to the end of load", () => {
  const [coordinators] = watchedGroups(killed);
  expect(coordinators).toMatchObject({ variant: "", group: "coordinators", fromUs: 8_600_000 });
  const lastUs = Math.max(...[...killed.samples.values()].flat().map(({ endUs }) => endUs));
  expect(coordinators!.toUs).toBeGreaterThanOrEqual(lastUs);
});

test("a run that had no cluster, or no load, has nothing to look at", () => {
  const events = killed.events.filter(({ kind }) => kind !== "cluster-ready");
  expect(watchedGroups({ ...killed, events })).toEqual([]);
  expect(watchedGroups(fakeBenchmarkRecording({ stages: [] }))).toEqual([]);
});

test("a killed node is silent until its Patroni starts PostgreSQL, or its PostgreSQL is heard of", () => {
  const heard = silenceOf(killed);
  expect(heard).toMatchObject({ fromUs: momentOf(killed, "injected"), toUs: healingUs, endsStopped: true });
  const later = without(killed, (event) => event.kind === "postgres-state" && event.atUs >= healingUs);
  const says = (atUs: number, state: string): ClusterEvent => ({
    ...{ kind: "member-state", atUs, group: "coordinators", member: "coordinator-1", role: "replica", state },
    timeline: null,
  });
  const events = [
    ...later.events,
    says(healingUs + 100_000, "stopped"),
    says(healingUs + 900_000, "starting"),
  ];
  expect(silenceOf({ ...killed, events: events.sort((a, b) => a.atUs - b.atUs) })!.toUs).toBe(
    healingUs + 900_000,
  );
});

test("a frozen or cut-off node is silent until it is let go of, and one that crashed is not silenced", () => {
  for (const fault of ["pause-node", "isolate-node"]) {
    const recording = fakeRecording({ injections: [{ fault, writeOutageSeconds: 3 }] });
    expect(silenceOf(recording)).toMatchObject({
      toUs: momentOf(recording, "healing"),
      endsStopped: false,
    });
  }
  const crash = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 3 }] });
  expect(silenceOf(crash)).toBeUndefined();
});

test("the clusters of a benchmark's variants are apart, though their members have the same names", () => {
  const recording = fakeBenchmarkRecording({
    benchmark: {
      variants: [
        { name: "one", topology: fakeTopology() },
        { name: "other", topology: fakeTopology() },
      ],
    },
  });
  const own = recording.events;
  const again = own.map((event) => ({ ...event, atUs: event.atUs + 500e6 }));
  const events: ClusterEvent[] = [
    ...[{ kind: "variant", atUs: 0, variant: "one" } as const, ...own],
    ...[{ kind: "variant", atUs: 500e6, variant: "other" } as const, ...again],
  ];
  const coordinators = watchedGroups({ ...recording, events }).filter(
    ({ group }) => group === "coordinators",
  );
  expect(coordinators.map(({ variant, fromUs }) => [variant, fromUs])).toEqual([
    ["one", 8_000_000],
    ["other", 508_000_000],
  ]);
  expect(coordinators[0]!.events.every(({ atUs }) => atUs < 500e6)).toBe(true);
});

test("a group of one member has no second primary to look for", () => {
  const topology = fakeTopology({ coordinators: { members: 1 }, workers: { groups: 1 } });
  const groups = watchedGroups({ ...killed, plan: { ...killed.plan, topology } });
  expect(groups.map(({ group, members }) => [group, members])).toEqual([
    ["worker-1", ["worker-1a", "worker-1b"]],
  ]);
});

test("events count in order of time, whatever the order in which they were written down", () => {
  const again = watchedGroups({ ...killed, events: killed.events.toReversed() });
  const bounds = (groups: ReturnType<typeof watchedGroups>) =>
    groups.map(({ group, fromUs, toUs, silences }) => [group, fromUs, toUs, [...silences]]);
  expect(bounds(again)).toEqual(bounds(watchedGroups(killed)));
});

test("load ends with what was answered last, or with what the harness did last, and not with what was heard later", () => {
  const lastUs = watchedGroups(killed)[0]!.toUs;
  const heard: ClusterEvent = { kind: "note", atUs: lastUs + 9e6, text: "" };
  const toUs = (events: readonly ClusterEvent[]) => watchedGroups({ ...killed, events })[0]!.toUs;
  expect(toUs([...killed.events, heard])).toBe(lastUs);
  const read: ClusterEvent = { ...killed.events.find(({ kind }) => kind === "phase")!, atUs: lastUs + 1e6 };
  expect(toUs([...killed.events, read, heard])).toBe(lastUs + 1e6);
  const benchmark = fakeBenchmarkRecording();
  const stages = benchmark.events.filter(({ kind }) => kind === "stage" || kind === "phase");
  expect(watchedGroups(benchmark)[0]!.toUs).toBe(stages.at(-1)!.atUs);
});

test("a benchmark of before variants were told apart has one cluster; one whose variant is not planned is left out", () => {
  const recording = fakeBenchmarkRecording();
  const before = recording.events.filter(({ kind }) => kind !== "variant");
  expect(watchedGroups({ ...recording, events: before }).every(({ variant }) => variant === "")).toBe(true);
  expect(watchedGroups({ ...recording, events: before }).length).toBeGreaterThan(0);
  const events: ClusterEvent[] = [{ kind: "variant", atUs: 0, variant: "strange" }, ...before];
  expect(watchedGroups({ ...recording, events })).toEqual([]);
});

test("a variant's events begin with its own, and each has its own topology", () => {
  const recording = fakeBenchmarkRecording({
    benchmark: {
      variants: [
        { name: "alone", topology: fakeTopology({ coordinators: { members: 1 }, workers: { groups: 0 } }) },
        { name: "three", topology: fakeTopology({ workers: { groups: 0 } }) },
      ],
    },
  });
  const own = recording.events.filter(({ kind }) => kind !== "variant");
  const again = own.map((event) => ({ ...event, atUs: event.atUs + 500e6 }));
  const events: ClusterEvent[] = [
    ...[{ kind: "variant", atUs: 0, variant: "alone" } as const, ...own],
    ...[{ kind: "variant", atUs: 500e6, variant: "three" } as const, ...again],
  ];
  const groups = watchedGroups({ ...recording, events });
  expect(groups.map(({ variant, group }) => [variant, group])).toEqual([["three", "coordinators"]]);
  expect(groups[0]!.events[0]).toEqual({ kind: "variant", atUs: 500e6, variant: "three" });
});

describe("of a killed node", () => {
  const later = without(killed, (event) => isOf(event, "coordinator-1") && event.atUs >= healingUs);
  const look = (atMs: number, member: string, event: Partial<EventOf<"postgres-state">>): ClusterEvent => ({
    ...{ ...looks.silent(0, member, 0), group: "coordinators", atUs: healingUs + atMs * 1000 },
    ...event,
  });
  const endOf = (...heard: readonly ClusterEvent[]): number => {
    const events = [...later.events, ...heard].sort((one, other) => one.atUs - other.atUs);
    return (silenceOf({ ...killed, events })!.toUs - healingUs) / 1000;
  };
  const refused = { absence: { why: "refused" } } as const;

  test("PostgreSQL is heard of when it answers, or refuses, and not while it says nothing", () => {
    const told = { kind: "postgres-state" } as const;
    expect(endOf(look(300, "coordinator-1", told), look(700, "coordinator-1", { reachable: true }))).toBe(
      700,
    );
    expect(endOf(look(300, "coordinator-1", { absence: null }), look(600, "coordinator-1", refused))).toBe(
      600,
    );
  });

  test("what is heard of another member, or was heard before it was started, says nothing", () => {
    expect(endOf(look(200, "coordinator-2", refused), look(600, "coordinator-1", refused))).toBe(600);
    expect(endOf(look(-200, "coordinator-1", refused), look(600, "coordinator-1", refused))).toBe(600);
    expect(endOf(look(0, "coordinator-1", refused))).toBe(0);
  });

  test("of which nothing is heard any more, the silence lasts to the end of load", () => {
    expect(endOf() * 1000 + healingUs).toBe(watchedGroups(killed)[0]!.toUs);
  });
});

test("a member that is hurt twice is silent twice, each time to its own healing", () => {
  const twice = fakeRecording({
    injections: [
      { fault: "pause-node", writeOutageSeconds: 3 },
      { fault: "pause-node", writeOutageSeconds: 3 },
    ],
  });
  const events = twice.events.map((event) =>
    event.kind === "injection" ? { ...event, victim: "coordinator-1" } : event,
  );
  const silences = watchedGroups({ ...twice, events })[0]!.silences.get("coordinator-1");
  const moments = (moment: string) =>
    events.filter((event) => event.kind === "injection" && event.moment === moment).map(({ atUs }) => atUs);
  expect(silences?.map(({ fromUs }) => fromUs)).toEqual(moments("injected"));
  expect(silences?.map(({ toUs }) => toUs)).toEqual(moments("healing"));
});

function isOf(event: ClusterEvent, member: string): boolean {
  return (event.kind === "postgres-state" || event.kind === "member-state") && event.member === member;
}

function silenceOf(recording: Recording) {
  return watchedGroups(recording)[0]!.silences.get("coordinator-1")?.[0];
}

function momentOf({ events }: Recording, moment: string): number {
  return events.find((event) => event.kind === "injection" && event.moment === moment)!.atUs;
}

function without(recording: Recording, is: (event: ClusterEvent) => boolean): Recording {
  return { ...recording, events: recording.events.filter((event) => !is(event)) };
}
