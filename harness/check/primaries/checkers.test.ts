import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../../model/benchmark-recording.fake.ts";
import type { ClusterEvent, EventOf } from "../../model/event.ts";
import { looks } from "../../model/postgres-states.fake.ts";
import { fakeRecording } from "../../model/recording.fake.ts";
import type { Recording } from "../../model/recording.ts";
import type { Acknowledgement, Outcome, Sample } from "../../model/sample.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { checkSafety } from "../check-safety.ts";
import { secondPrimary } from "./second-primary.ts";
import { twoPrimaries } from "./two-primaries.ts";

const { writable, says, standby } = looks;
const [a, b, c] = ["coordinator-1", "coordinator-2", "coordinator-3"] as const;
const at = (member: string): string => `${member}.test`;

/** Two primaries of the coordinators from 5 to 9 s, neither waiting for a standby. */
const both: readonly ClusterEvent[] = [
  ...[writable(0, a), says(0, a, 0), standby(0, b, a), standby(0, c, a)],
  ...[writable(5000, b), says(5000, b, 0), standby(9000, a, b, 8000)],
];

test("what each of two primaries acknowledged between them is told, from the first moment of both to before the last", () => {
  const writes = [
    ...[
      write(1, 4999, by(1, a)),
      write(2, 5000, by(1, a)),
      write(3, 7000, by(2, b)),
      write(4, 8999.9, by(2, b)),
    ],
    ...[write(5, 9000, by(2, b)), write(6, 6000, by(1, a), "unknown"), write(7, 6000)],
  ];
  const [coordinators] = checkPrimaries(recorded(both, writes)).primaries;
  expect(coordinators).toMatchObject({ variant: "", group: "coordinators", watched: true });
  expect(coordinators?.stretches).toMatchObject([
    {
      ...{ fromUs: 5_000_000, toUs: 9_000_000, writable: [a, b], able: [a, b] },
      acknowledged: [
        { server: a, timeline: 1, writes: 1 },
        { server: b, timeline: 2, writes: 2 },
      ],
    },
  ]);
});

test("where no answer says by whom it was committed, it is not known what they acknowledged", () => {
  const [coordinators] = checkPrimaries(recorded(both, [write(1, 6000)])).primaries;
  expect(coordinators?.stretches.map(({ acknowledged }) => acknowledged)).toEqual([null]);
});

test("the probes write to the coordinators alone: of another group it is not known", () => {
  const [one, other] = ["worker-1a", "worker-1b"];
  const events = [
    ...[writable(0, one), says(0, one, 0), standby(0, other, one)].map((event) => ({
      ...event,
      group: "worker-1",
    })),
    ...[writable(5000, other), says(5000, other, 0)].map((event) => ({ ...event, group: "worker-1" })),
  ];
  const { primaries } = checkPrimaries(recorded(events, [write(1, 6000, by(1, a))]));
  const worker = primaries.find(({ group }) => group === "worker-1");
  expect(worker?.watched).toBe(true);
  expect(worker?.stretches.map(({ acknowledged }) => acknowledged)).toEqual([null]);
  expect(primaries.filter(({ watched }) => watched).map(({ group }) => group)).toEqual(["worker-1"]);
});

test("a server is the member that was last seen at its address then, else the one seen there later, else the address", () => {
  const moved: ClusterEvent = {
    ...standby(7000, c, b),
    server: { startedUs: 0, address: at(a), receivesFrom: b },
  };
  const later: ClusterEvent = {
    ...standby(8000, c, b),
    server: { startedUs: 0, address: "10.0.0.9", receivesFrom: b },
  };
  const unseen = { ...standby(500, c, a), server: null };
  const without = { ...standby(600, c, a), server: { startedUs: 0, address: null, receivesFrom: a } };
  const writes = [
    ...[
      write(1, 6999, by(1, a)),
      write(2, 7000, by(2, a)),
      write(3, 6000, { timeline: 3, address: "10.0.0.9" }),
    ],
    ...[write(4, 6100, { timeline: 4, address: "10.0.0.8" }), write(5, 6200, { timeline: 5, address: null })],
  ];
  // Out of order: moments count, not places.
  const [coordinators] = checkPrimaries(recorded([later, moved, ...both, unseen, without], writes)).primaries;
  const servers = coordinators?.stretches.flatMap(({ acknowledged }) => acknowledged ?? []);
  expect(new Map(servers?.map(({ timeline, server }) => [timeline, server]))).toEqual(
    new Map([
      [1, a],
      [2, c],
      [3, c],
      [4, "10.0.0.8"],
      [5, null],
    ]),
  );
});

test("acknowledged writes that tell, and those that do not, are counted; those of other outcomes are not", () => {
  const writes = [
    ...[
      write(1, 1000, by(1, a)),
      write(2, 2000, by(1, a)),
      write(3, 3000),
      write(4, 3500, undefined, "failed"),
    ],
    write(5, 3600, by(1, a), "unknown"),
  ];
  expect(checkPrimaries(recorded(both, writes)).secondAcknowledgements).toMatchObject({ told: 2, untold: 1 });
  expect(
    checkPrimaries({ ...recorded(both, writes), samples: new Map() }).secondAcknowledgements,
  ).toMatchObject({
    ...{ told: 0, untold: 0 },
  });
});

test("what an old primary acknowledged to a writer that is connected to it alone is a second primary's", () => {
  const recording = recorded(both, [write(1, 6000, by(2, b))]);
  const direct = [write(1, 5500, by(1, a)), write(2, 7000, by(1, a)), write(3, 7500, undefined, "failed")];
  const samples = new Map([...recording.samples, [`direct-${a}` as const, direct] as const]);
  expect(checkPrimaries({ ...recording, samples }).secondAcknowledgements).toMatchObject({
    ...{ told: 3, untold: 0, writes: 1, ids: [2] },
    byServer: [{ server: a, timeline: 1, writes: 1 }],
  });
});

test("a run without write probes, or without coordinators that could be two, asks nothing of them", () => {
  expect(checkPrimaries(fakeBenchmarkRecording()).secondAcknowledgements).toBeNull();
  const recording = recorded(both, [write(1, 1000, by(1, a))]);
  const topology = fakeTopology({ coordinators: { members: 1 } });
  expect(checkPrimaries({ ...recording, plan: { ...recording.plan, topology } })).toMatchObject({
    secondAcknowledgements: null,
  });
});

function checkPrimaries(recording: Recording) {
  return checkSafety(recording, [twoPrimaries, secondPrimary]);
}

function recorded(events: readonly ClusterEvent[], writes: readonly Sample[]): Recording {
  const recording = fakeRecording({ quick: true });
  const ready: ClusterEvent = {
    ...recording.events.find((event): event is EventOf<"cluster-ready"> => event.kind === "cluster-ready")!,
    atUs: 0,
  };
  const end: ClusterEvent = { kind: "phase", atUs: 20e6, phase: "steady", injection: null };
  const own = events.map((event) =>
    "group" in event && event.group === "g" ? { ...event, group: "coordinators" } : event,
  );
  return { ...recording, events: [ready, ...own, end], samples: new Map([["write-probe", writes]]) };
}

/** Ended at a millisecond. */
function write(id: number, endMs: number, acknowledgedBy?: Acknowledgement, outcome: Outcome = "ok"): Sample {
  const endUs = endMs * 1000;
  const times = { intendedUs: endUs - 500, startUs: endUs - 500, endUs };
  return { id, ...times, outcome, code: null, ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }) };
}

function by(timeline: number, member: string): Acknowledgement {
  return { timeline, address: at(member) };
}
