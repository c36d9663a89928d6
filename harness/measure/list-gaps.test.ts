import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { Figure, LatencyMeasurement, LedgerMeasurement } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { LedgerReading, Recording } from "../model/recording.ts";
import type { Stretch } from "../stats/stretches.ts";
import { fakeInjection } from "./injection.fake.ts";
import { listGaps } from "./list-gaps.ts";

const s = 1e6;
type Measured = Parameters<typeof listGaps>[1];

const whole = fakeRecording({ quick: true });
/** Of which nothing is missing: one injection that was carried out, and an agent that was well. */
const sound: Recording = {
  ...whole,
  plan: fakePlan(["kill-node"]),
  events: [health(1, 0.3)],
  ledgers: [ledgerRead("write-probe")],
};

test("a sound run has none", () => {
  expect(gaps()).toEqual([]);
});

test("only the full stop at the end of why a recording is incomplete is left out", () => {
  const end = { kind: "incomplete", reason: "postgres 17.2 was killed." } as const;
  expect(gaps({ end })).toEqual(["The recording is incomplete: postgres 17.2 was killed."]);
});

describe("injections that were not carried out", () => {
  const plan = fakePlan(["kill-node", "pause-node"]);

  test("are told by name, with why they failed where that was written down", () => {
    expect(gaps({ plan })).toEqual(["1 of 2 planned injections were not carried out: 2 (pause-node)."]);
    expect(gaps({ plan, events: [...sound.events, failed(2, "no such node")] })).toEqual([
      "1 of 2 planned injections were not carried out: 2 (pause-node) (injection 2 failed: no such node).",
    ]);
    expect(gaps({ plan, events: [...sound.events, failed(2)] })[0]).toMatch(/: 2 \(pause-node\)\.$/);
    expect(
      gaps({ plan, events: [...sound.events, { ...failed(2, "in vain"), moment: "healing" }] })[0],
    ).toMatch(/: 2 \(pause-node\)\.$/);
  });

  test("are not those that failed later on, after they had acted", () => {
    const events = [...sound.events, failed(1, "not healed"), failed(2, "no such node")];
    expect(gaps({ plan, events })[0]).toMatch(/ \(injection 2 failed: no such node\)\.$/);
  });

  test("are those whose command failed, though something may have happened", () => {
    const injections = [fakeInjection({ commandFailed: "exit 1" })];
    expect(gaps({}, { injections })).toEqual([
      "1 of 1 planned injections were not carried out: 1 (kill-node).",
    ]);
  });
});

test("a stream of the plan without a sample is named", () => {
  const samples = new Map([...whole.samples, ["read-probe", []] as const]);
  samples.delete("mix-select-orders");
  expect(gaps({ samples })).toEqual([
    "No sample of read-probe was recorded.",
    "No sample of mix-select-orders was recorded.",
  ]);
});

describe("leader keys were not watched", () => {
  test("from the first word of a loss to the return, with the last reason", () => {
    expect(
      gapsOf(watch(10, false, "reset"), watch(12, false, "refused"), watch(15, true), watch(16, true)),
    ).toEqual(["Leader keys were not watched from 0:10.000 to 0:15.000 (refused)."]);
  });

  test("to the end where they were not watched again, and once for each loss", () => {
    expect(gapsOf(watch(1, true), watch(10, false), watch(15, true), watch(20, false, "reset"))).toEqual([
      "Leader keys were not watched from 0:10.000 to 0:15.000.",
      "Leader keys were not watched from 0:20.000 to the end (reset).",
    ]);
  });
});

test("an observer that stood still watched nothing", () => {
  expect(gapsOf({ kind: "observer-stood-still", atUs: 12 * s, fromUs: 10 * s })).toEqual([
    "The observer itself stood still from 0:10.000 to 0:12.000: nothing was watched.",
  ]);
});

describe("ledgers", () => {
  test("that were not read at the end are named, whatever was read after injections", () => {
    const ledgers = [ledger("write-probe"), ledger("mix-insert-order")];
    const read = [...sound.ledgers, { ...ledgerRead("mix-insert-order"), injection: 1 }];
    expect(gaps({ ledgers: read }, { ledgers })).toEqual([
      "The ledger of mix-insert-order was not read at the end of the load.",
    ]);
  });

  test("that were not all read after an injection leave its lost writes unknown", () => {
    const injections = [
      fakeInjection(),
      fakeInjection({ injection: 2, lostWrites: { kind: "at-least", value: 1 } }),
      fakeInjection({ injection: 3, lostWrites: { kind: "withheld", reason: "unread" } }),
    ];
    expect(gaps({}, { injections })).toEqual([
      "Not all ledgers were read after injection 2, 3: its lost writes are not known.",
    ]);
    expect(gaps({}, { injections, ledgers: [] })).toEqual([]);
  });
});

describe("the client stood still", () => {
  test("once, for how long and from when", () => {
    expect(gaps({}, {}, [stretch(10, 12.5)])).toEqual([
      "The client itself stood still once, for 2.50 s (from 0:10.000 on): " +
        "what was not served meanwhile was not observed, and figures of it are bounds.",
    ]);
  });

  test("several times, for how long in all and at most", () => {
    expect(gaps({}, {}, [stretch(10, 11.5), stretch(20, 22.25), stretch(30, 31)])[0]).toMatch(
      /^The client itself stood still 3 times, for 4\.75 s, 2\.25 s at most \(from 0:20\.000 on\): /,
    );
  });
});

describe("the agent", () => {
  test("may have been the bottleneck where it used more than 0.8 of a core", () => {
    expect(gaps({ events: [health(1, 0.8)] })).toEqual([]);
    expect(gaps({ events: [health(1, 0.3), health(2, 0.97), health(3, 0.85)] })).toEqual([
      "The agent used more than 80 % of a core in 2 of 3 seconds (97 % at most): the client may have been the bottleneck.",
    ]);
  });

  test("says what it never sent, of all seconds together", () => {
    expect(gaps({ events: [health(1, 0.3, 4), health(2, 0.3, 3)] })).toEqual([
      "7 operations that were due were never sent by the agent.",
    ]);
  });

  test("is not known to have been well where it did not say", () => {
    expect(gaps({ events: [] })).toEqual(["The agent's own health was not recorded."]);
  });
});

test("probes that started more than 2 ms late are told, by the p99 of their lag", () => {
  const lag = (p99: Figure) => gaps({}, { scheduleLagMs: { n: 1000, p50: value(0), p99, max: value(9) } });
  expect(lag(value(2))).toEqual([]);
  expect(lag(value(2.5))).toEqual([
    "The probes started late: schedule lag p99 was 2.50 ms, above 2 ms; latencies include it.",
  ]);
  expect(lag({ kind: "withheld", reason: "there are no samples" })).toEqual([
    "Schedule lag: there are no samples.",
  ]);
});

test("withheld percentiles are one sentence, by how many rows each is missing in", () => {
  const few: Figure = { kind: "withheld", reason: "too few" };
  const rows = [latency({}), latency({ p99: few }), latency({ p95: few, p99: few })];
  expect(gaps({}, { latency: rows })).toEqual([
    "Percentiles are withheld for too few samples in some of the latency table's 3 rows: " +
      "p95 in 1 (it needs 100), p99 in 2 (it needs 1000).",
  ]);
});

function gapsOf(...events: readonly ClusterEvent[]): string[] {
  return gaps({ events: [...sound.events, ...events] });
}

function gaps(
  recording: Partial<Recording> = {},
  measured: Partial<Measured> = {},
  stalls: readonly Stretch[] = [],
): string[] {
  const nothing: Measured = {
    injections: [fakeInjection()],
    stray: [],
    faults: [],
    latency: [],
    ledgers: [ledger("write-probe")],
    scheduleLagMs: { n: 1000, p50: value(0), p99: value(0.5), max: value(1) },
    stages: [],
    capacities: [],
    invariants: [],
    primaries: [],
    secondAcknowledgements: null,
  };
  return listGaps(
    { ...sound, ...recording },
    { ...nothing, ...measured },
    { clientStalls: stalls, ofCheckers: [] },
  );
}

function failed(injection: number, note?: string) {
  const why = note === undefined ? {} : { note };
  const atUs = 20 * s;
  return {
    kind: "injection",
    atUs,
    injection,
    fault: "pause-node",
    victim: "coordinator-1",
    moment: "failed",
    ...why,
  } as const satisfies ClusterEvent;
}

function watch(seconds: number, connected: boolean, reason: string | null = null): ClusterEvent {
  return { kind: "etcd-watch", atUs: seconds * s, connected, reason };
}

function health(seconds: number, cpuShare: number, neverSent = 0): ClusterEvent {
  const lag = { lagP50Us: 1, lagP99Us: 1, lagMaxUs: 1 };
  return { kind: "agent-health", atUs: seconds * s, ...lag, cpuShare, neverSent };
}

function ledgerRead(stream: LedgerReading["stream"]): LedgerReading {
  const [read] = whole.ledgers;
  return { ...read!, stream, injection: null };
}

function ledger(stream: LedgerMeasurement["stream"]): LedgerMeasurement {
  return {
    stream,
    table: "",
    acknowledged: 100,
    acknowledgedMissing: value(0),
    missingIds: [],
    failed: 0,
    failedButPresent: value(0),
    unknown: 0,
    unknownButPresent: value(0),
  };
}

function latency(latencyMs: Partial<LatencyMeasurement["latencyMs"]>): LatencyMeasurement {
  const times = { p50: value(1), p95: value(2), p99: value(3), max: value(4) };
  return {
    stream: "write-probe",
    part: "before",
    n: 100,
    outcomes: { ok: 100, failed: 0, unknown: 0 },
    latencyMs: { ...times, ...latencyMs },
    withoutLatenessMs: times,
    serviceTimeMs: times,
  };
}

function stretch(from: number, to: number): Stretch {
  return { fromUs: from * s, toUs: to * s };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
