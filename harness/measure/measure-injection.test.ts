import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { InjectionMeasurement } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { PlannedInjection } from "../model/plan.ts";
import type { PrimariesStretch } from "../model/primaries.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { SafetyChecks } from "../model/checker.ts";
import type { Sample } from "../model/sample.ts";
import { countOperations, noOperations } from "./count-operations.ts";
import { fakeWindow } from "./injection.fake.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { measureInjection, type ProbeStory } from "./measure-injection.ts";

const s = 1e6;
const served: ProbeStory = {
  kind: "write",
  group: "coordinators",
  samples: Array.from({ length: 100 }, (_, index) => sample(index)),
  seen: { unserved: [], notSeenServed: [] },
  alreadyUnserved: false,
};
const nothing: SafetyChecks = {
  byInjection: [],
  sinceLastInjection: [],
  whole: [],
  primaries: [],
  secondAcknowledgements: null,
  copies: [],
  checks: [],
  gaps: [],
};

describe("unavailability", () => {
  const missing: ProbeStory = {
    ...served,
    seen: { unserved: [stretch(10, 12)], notSeenServed: [stretch(10, 12)] },
  };

  test("is of each probe's own, and so are the episodes", () => {
    const measured = measureOne({ write: missing });
    expect(measured).toMatchObject({
      writeUnavailabilitySeconds: value(2),
      writeEpisodes: [stretch(10, 12)],
      readUnavailabilitySeconds: value(0),
      readEpisodes: [],
    });
    expect(measureOne({ read: missing })).toMatchObject({
      writeUnavailabilitySeconds: value(0),
      readUnavailabilitySeconds: value(2),
    });
  });

  test("is not known where no probe was due in the window, or service was missing before", () => {
    const before = { ...served, samples: [...served.samples].slice(0, 10) };
    expect(measureOne({ write: before }).writeUnavailabilitySeconds.kind).toBe("withheld");
    const already = { ...served, alreadyUnserved: true };
    expect(measureOne({ write: already }).writeUnavailabilitySeconds.kind).toBe("withheld");
  });
});

test("full redundancy took from the fault until it was healed, and at least the window where it was not", () => {
  expect(measureOne({}).timeToFullRedundancySeconds).toEqual(value(30));
  const unhealed = measureOne({ window: { healedAtUs: null } });
  expect(unhealed.timeToFullRedundancySeconds).toEqual({ kind: "at-least", value: 50 });
});

test("lost writes are by the ledgers that were read after this injection, of all that the plan keeps", () => {
  const ledger = (stream: "write-probe" | "mix-insert-order", missing: number) => ({
    stream,
    table: "",
    acknowledged: 100,
    acknowledgedMissing: value(missing),
    missingIds: [],
    failed: 10,
    failedButPresent: value(missing + 1),
    unknown: 0,
    unknownButPresent: value(0),
  });
  const after = (injection: number) => ({
    byInjection: [
      { injection: 9, ledgers: [ledger("write-probe", 50), ledger("mix-insert-order", 50)] },
      { injection, ledgers: [ledger("write-probe", 2), ledger("mix-insert-order", 3)] },
    ],
  });
  expect(measureOne({ safety: after(1) })).toMatchObject({
    lostWrites: value(5),
    failedButPresent: value(7),
  });
  expect(measureOne({ safety: after(2) }).lostWrites.kind).toBe("withheld");
  const one = { byInjection: [{ injection: 1, ledgers: [ledger("write-probe", 2)] }] };
  expect(measureOne({ safety: one }).lostWrites).toEqual({ kind: "at-least", value: 2 });
});

describe("two primaries", () => {
  const measured = (...stretches: readonly PrimariesStretch[]) =>
    measureOne({
      safety: { primaries: [{ variant: "", group: "coordinators", watched: true, stretches }] },
    });

  test("are those within the window, and of one that reaches beyond it only what lies within", () => {
    const { twoPrimaries, twoPrimariesMs } = measured(two(5, 11), two(20, 21), two(59, 70));
    expect(twoPrimariesMs).toEqual(value(3000));
    expect(twoPrimaries.map(({ fromUs, toUs }) => [fromUs / s, toUs / s])).toEqual([
      [10, 11],
      [20, 21],
      [59, 60],
    ]);
    expect(twoPrimaries[0]).toMatchObject({ group: "coordinators", members: ["a", "b"] });
  });

  test("are none that ended as the fault struck, began as the window ended, or were never seen", () => {
    const unseen = { ...two(20, 21), writable: ["a"], unseen: ["b"] };
    expect(measured(two(5, 10), unseen, two(60, 61)).twoPrimaries).toEqual([]);
  });
});

describe("the role of the victim", () => {
  const events: readonly ClusterEvent[] = [
    { kind: "leader-key-set", atUs: 1, group: "coordinators", leader: "coordinator-2" },
    {
      kind: "replication-state",
      atUs: 2,
      group: "coordinators",
      primary: "coordinator-2",
      streaming: ["coordinator-1", "coordinator-3"],
      synchronous: ["coordinator-1"],
    },
  ];
  const role = (planned: Partial<PlannedInjection>, window: Partial<InjectionWindow> = {}) =>
    measureOne({ events, planned, window }).role;

  test("is what it was when the fault hit it", () => {
    expect(role({})).toBe("synchronous standby");
    expect(role({}, { victim: "coordinator-2", nodes: ["coordinator-2"] })).toBe("primary");
  });

  test("of what makes the primary hand over is the primary, whoever was named, but of a coordinator alone", () => {
    expect(role({ failureClass: "planned" })).toBe("primary");
    expect(role({ failureClass: "planned" }, { victim: "worker-1a", nodes: ["worker-1a"] })).toBeNull();
  });

  test("is that of its own injection's plan", () => {
    expect(role({ injection: 2, failureClass: "planned" })).toBe("synchronous standby");
  });

  test("of a reload of all members is the primary, which writers feel", () => {
    const reload = { failureClass: "reload", victim: "every member of coordinators" } as const;
    expect(role(reload, { nodes: ["coordinator-1", "coordinator-2", "coordinator-3"] })).toBe("primary");
  });

  test("of several members of PostgreSQL is none", () => {
    const nodes = ["coordinator-2", "coordinator-1"];
    expect(role({ victim: "every member of coordinators" }, { nodes })).toBeNull();
    expect(role({}, { nodes: [] })).toBeNull();
  });

  test("of etcd and of a link is what it was chosen for", () => {
    expect(role({ victim: "leader of etcd" }, { nodes: ["etcd-1"] })).toBe("etcd leader");
    const link = { between: "primary of coordinators", and: "every member of etcd" } as const;
    expect(role({ victim: link }, { nodes: ["coordinator-1", "etcd-1"] })).toBe("primary to etcd");
    const replicas = { between: "primary of coordinators", and: "every replica of coordinators" } as const;
    expect(role({ victim: replicas }, { nodes: ["coordinator-1"] })).toBeNull();
  });
});

describe("the group that was hit", () => {
  const told = (...nodes: readonly string[]) => measureOne({ window: { nodes } }).writeUnavailabilitySeconds;

  test("is the coordinators where no worker is among the nodes", () => {
    expect(told("etcd-1")).toEqual(value(0));
    expect(told("coordinator-1")).toEqual(value(0));
  });

  test("is the worker's of a link between it and the coordinators, of which nothing is known without a probe", () => {
    const unknown = { kind: "withheld", reason: "the probes do not touch worker-1" };
    expect(told("etcd-1", "worker-1a", "coordinator-1")).toEqual(unknown);
    expect(told("coordinator-1", "worker-1a")).toEqual(unknown);
  });
});

describe("a fault on workers", () => {
  const away = (group: string, kind: ProbeStory["kind"], seconds: number): ProbeStory => ({
    ...{ ...served, group, kind },
    seen: { unserved: [stretch(10, 10 + seconds)], notSeenServed: [stretch(10, 10 + seconds)] },
  });
  const whole = (group: string): ProbeStory[] =>
    (["write", "read"] as const).map((kind) => ({ ...served, group, kind }));

  test("is measured by the probes of their shards, and what does not need them apart", () => {
    const shards = [away("worker-1", "write", 5), away("worker-1", "read", 4), ...whole("worker-2")];
    const measured = measureOne({ window: { nodes: ["worker-1a"] }, shards });
    expect(measured).toMatchObject({
      writeUnavailabilitySeconds: value(5),
      readUnavailabilitySeconds: value(4),
      writeEpisodes: [stretch(10, 15)],
      elsewhere: { writeUnavailabilitySeconds: value(0), readUnavailabilitySeconds: value(0) },
    });
  });

  test("that reaches other groups' shards or the coordinators' own tables is seen there, the worst of them", () => {
    const shards = [...whole("worker-1"), away("worker-2", "write", 2), away("worker-3", "read", 1)];
    const write = away("coordinators", "write", 3);
    expect(measureOne({ window: { nodes: ["worker-1a"] }, write, shards }).elsewhere).toEqual({
      writeUnavailabilitySeconds: value(3),
      readUnavailabilitySeconds: value(1),
    });
  });

  test("on several groups is as long as that of the one that was away for longest", () => {
    const shards = [away("worker-1", "write", 1), away("worker-2", "write", 7), ...whole("worker-3")];
    const measured = measureOne({ window: { nodes: ["worker-1a", "worker-2b"] }, shards });
    expect(measured.writeUnavailabilitySeconds).toEqual(value(7));
    expect(measured.elsewhere?.writeUnavailabilitySeconds).toEqual(value(0));
  });

  test("on a share of the groups is of these, and elsewhere are the others", () => {
    const shards = [
      ...[away("worker-1", "write", 4), away("worker-2", "write", 9), away("worker-3", "write", 2)],
      ...[...whole("worker-4"), away("worker-1", "read", 1)],
    ];
    const measured = measureOne({ window: { nodes: ["worker-1a", "worker-3a"] }, shards });
    expect(measured.writeUnavailabilitySeconds).toEqual(value(4));
    expect(measured.readUnavailabilitySeconds).toEqual(value(1));
    expect(measured.elsewhere).toEqual({
      writeUnavailabilitySeconds: value(9),
      readUnavailabilitySeconds: value(0),
    });
  });

  test("on every group leaves no shard elsewhere: it is not measured, and says why", () => {
    const shards = [away("worker-1", "write", 1), away("worker-2", "write", 1)];
    const measured = measureOne({ window: { nodes: ["worker-1a", "worker-2a"] }, shards });
    const reason = "every worker group was hit: no shard is elsewhere";
    expect(measured.elsewhere).toEqual({
      writeUnavailabilitySeconds: { kind: "withheld", reason },
      readUnavailabilitySeconds: { kind: "withheld", reason },
    });
    expect(measureOne({ shards }).elsewhere).toBeUndefined();
  });

  test("has no hops of proxy and pooler, which stand before the coordinators", () => {
    const shards = [away("worker-1", "write", 5)];
    const { hops } = measureOne({ window: { nodes: ["worker-1a"] }, shards });
    expect(hops.map(({ hop }) => hop)).toEqual(["noticed", "lease-gone", "promoted", "first-success"]);
    expect(hops.at(-1)?.evidence).toBe("worker-1-write-probe: first success that lasted");
  });
});

test("lost writes are of the time from the first one's acknowledgement to the fault, or to the last one's", () => {
  const ledger = {
    stream: "write-probe",
    ...{ table: "t", acknowledged: 9, missingIds: [], failed: 0, unknown: 0 },
    ...{ acknowledgedMissing: value(2), failedButPresent: value(0), unknownButPresent: value(0) },
  } as const;
  const lostSeconds = (lost: { fromUs: number; toUs: number } | undefined, read = 2) =>
    measureOne({
      safety: {
        byInjection: [{ injection: 1, ledgers: Array.from({ length: read }, () => ({ ...ledger, lost })) }],
      },
    }).lostWriteSeconds;
  expect(lostSeconds(stretch(7, 9))).toEqual(value(3));
  expect(lostSeconds(stretch(7, 12))).toEqual(value(5));
  expect(lostSeconds(undefined)).toEqual(value(0));
  expect(lostSeconds(stretch(7, 9), 1)).toEqual({ kind: "at-least", value: 3 });
});

function measureOne({
  write = served,
  read = served,
  shards = [],
  safety = {},
  window = {},
  planned = {},
  events = [],
}: {
  readonly write?: ProbeStory;
  readonly read?: ProbeStory;
  /** Of worker groups. */
  readonly shards?: readonly ProbeStory[];
  readonly safety?: Partial<SafetyChecks>;
  readonly window?: Partial<InjectionWindow>;
  readonly planned?: Partial<PlannedInjection>;
  readonly events?: readonly ClusterEvent[];
}): InjectionMeasurement {
  const plan = fakePlan(["kill-node"]);
  // Two that keep a ledger, and one that does not.
  const streams = plan.streams.filter(({ name }) => name !== "mix-select-orders");
  const injections = plan.injections.map((each) => ({ ...each, ...planned }));
  const recording = { ...fakeRecording({ quick: true }), plan: { ...plan, injections, streams } };
  const struck = fakeWindow(window);
  const [operations = noOperations] = countOperations(recording.samples.values(), [struck], 10_000);
  return measureInjection({
    recording,
    events,
    safety: { ...nothing, ...safety },
    window: struck,
    operations,
    probes: [{ ...write, kind: "write" }, { ...read, kind: "read" }, ...shards],
  });
}

function sample(second: number): Sample {
  const intendedUs = second * s;
  return {
    id: second + 1,
    intendedUs,
    startUs: intendedUs,
    endUs: intendedUs + 2000,
    outcome: "ok",
    code: null,
  };
}

function stretch(from: number, to: number) {
  return { fromUs: from * s, toUs: to * s };
}

function two(from: number, to: number): PrimariesStretch {
  const both = ["a", "b"];
  return {
    ...stretch(from, to),
    writable: both,
    unseen: [],
    able: both,
    perhapsAble: [],
    acknowledged: null,
  };
}

function value(number: number) {
  return { kind: "value", value: number } as const;
}
