import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { ClusterEvent } from "../model/event.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { fakeTopology } from "../model/topology.fake.ts";
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

function silenceOf(recording: Recording) {
  return watchedGroups(recording)[0]!.silences.get("coordinator-1")?.[0];
}

function momentOf({ events }: Recording, moment: string): number {
  return events.find((event) => event.kind === "injection" && event.moment === moment)!.atUs;
}

function without(recording: Recording, is: (event: ClusterEvent) => boolean): Recording {
  return { ...recording, events: recording.events.filter((event) => !is(event)) };
}
