import { expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { fakeRecording, type FakeRecordingOptions } from "../model/recording.fake.ts";
import type { Figure } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { lowestOf } from "../stats/figures.ts";
import { measure } from "./measure.ts";

const probeIntervalSeconds = 0.01;

test("known outages of five kinds of fault come out right to one probe interval and one answer", () => {
  const outages = {
    switchover: 1.6,
    "crash-postgres": 1.7,
    "kill-node": 22.9,
    "pause-node": 23.2,
    "isolate-node": 20.9,
  };
  const injections = Object.entries(outages).map(([fault, writeOutageSeconds]) => ({
    fault,
    writeOutageSeconds,
    readOutageSeconds: 0.5,
  }));
  const { injections: measured } = measuredOf({ injections });
  for (const [index, { writeOutageSeconds }] of injections.entries()) {
    const { writeUnavailabilitySeconds, readUnavailabilitySeconds } = measured[index]!;
    expect(Math.abs(valueOf(writeUnavailabilitySeconds) - writeOutageSeconds)).toBeLessThan(
      2 * probeIntervalSeconds,
    );
    expect(Math.abs(valueOf(readUnavailabilitySeconds) - 0.5)).toBeLessThan(2 * probeIntervalSeconds);
  }
});

test("the hops of every injection add up to the time from its fault to its first lasting success", () => {
  for (const { hops, faultAtUs, writeEpisodes } of measuredOf({}).injections) {
    const sum = hops.reduce((total, { tookSeconds }) => total + valueOf(tookSeconds), 0);
    expect(sum).toBeCloseTo((writeEpisodes[0]!.toUs! - faultAtUs) / 1e6, 6);
  }
});

test("samples may come in any order", () => {
  const recording = fakeRecording({ quick: true });
  const shuffled: Recording = {
    ...recording,
    samples: new Map([...recording.samples].map(([stream, samples]) => [stream, [...samples].reverse()])),
  };
  expect(measure(shuffled, checkSafety(shuffled))).toEqual(measure(recording, checkSafety(recording)));
});

test("a cluster that never recovers is unavailable for at least the time that was watched", () => {
  const { injections } = measuredOf({ injections: [{ fault: "kill-node", writeOutageSeconds: Infinity }] });
  const { writeUnavailabilitySeconds, timeToFullRedundancySeconds, lostWrites } = injections[0]!;
  expect(writeUnavailabilitySeconds.kind).toBe("at-least");
  expect(valueOf(writeUnavailabilitySeconds)).toBeGreaterThan(59);
  expect(timeToFullRedundancySeconds.kind).toBe("at-least");
  expect(lostWrites.kind).toBe("withheld");
});

test("an injection that was not carried out is a gap, and has no figures", () => {
  const { injections, figures, gaps } = measuredOf({ quick: true, diesAfter: 1 });
  expect(injections).toHaveLength(1);
  expect(figures.filter(({ metric }) => metric === "write-unavailability")).toHaveLength(1);
  expect(gaps).toContain("2 of 3 planned injections were not carried out: 2 (kill-node), 3 (isolate-node).");
  expect(gaps[0]).toBe("The recording is incomplete: the harness was killed.");
});

test("the lost writes of all figures add up to the known loss", () => {
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1.7 };
  const { figures } = measuredOf({
    injections: [crash, { ...crash, lostRows: 5 }, { ...crash, lostRows: 2 }],
  });
  const lost = figures.filter(({ metric }) => metric === "lost-writes");
  expect(lost.map(({ of, figure }) => [of, valueOf(figure)])).toEqual([
    ["crash-postgres, injection 1", 0],
    ["crash-postgres, injection 2", 5],
    ["crash-postgres, injection 3", 2],
    ["outside the injections' windows", 0],
  ]);
});

test("rows that come back after an injection's window do not hide others that are lost after it", () => {
  const recording = fakeRecording({
    injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7, lostRows: 3 }],
  });
  const lostLater = (recording.samples.get("write-probe") ?? [])
    .filter(({ outcome }) => outcome === "ok")
    .slice(0, 2)
    .map(({ id }) => id);
  const ledgers = recording.ledgers.map((reading) =>
    reading.injection === null && reading.stream === "write-probe"
      ? { ...reading, present: [[lostLater[1]! + 1, 1e6]] as [number, number][] }
      : reading,
  );
  const later = { ...recording, ledgers };
  const { figures } = measure(later, checkSafety(later));
  const lost = figures.filter(({ metric }) => metric === "lost-writes");
  expect(lost.map(({ of, figure }) => [of, figure])).toEqual([
    ["crash-postgres, injection 1", { kind: "value", value: 3 }],
    ["outside the injections' windows", { kind: "value", value: 2 }],
  ]);
});

test("what a standby refuses a writer that is connected to it alone is felt by nobody; what it acknowledged and lost is", () => {
  const recording = fakeRecording({ quick: true });
  const { plan } = recording;
  const direct = {
    ...plan.streams.find(({ name }) => name === "write-probe")!,
    name: "direct-coordinator-2" as const,
    ledgerTable: "dpg_ledger_of_coordinator_2",
    member: "coordinator-2",
  };
  const fault = recording.events.find((event) => event.kind === "injection" && event.moment === "injected")!;
  const sample = { intendedUs: fault.atUs, startUs: fault.atUs, endUs: fault.atUs + 1000, code: null };
  const own = [
    { ...sample, id: 1, outcome: "failed" as const, code: "25006" },
    { ...sample, id: 2, outcome: "ok" as const, acknowledgedBy: { timeline: 1, address: "coordinator-2" } },
  ];
  const readings = recording.ledgers
    .filter(({ stream }) => stream === "write-probe")
    .map((reading) => ({ ...reading, stream: direct.name, rows: 0, present: [] }));
  const withWriter: Recording = {
    ...recording,
    plan: { ...plan, streams: [...plan.streams, direct] },
    samples: new Map([...recording.samples, [direct.name, own]]),
    ledgers: [...recording.ledgers, ...readings],
  };
  const before = measure(recording, checkSafety(recording)).injections[0]!;
  const measured = measure(withWriter, checkSafety(withWriter));
  expect(measured.injections[0]).toMatchObject({
    operationsFailed: before.operationsFailed,
    writeUnavailabilitySeconds: before.writeUnavailabilitySeconds,
    lostWrites: { kind: "value", value: 1 },
  });
  expect(measured.latency.map(({ stream }) => stream)).not.toContain(direct.name);
});

test("two primaries are measured in the injection in whose window they were", () => {
  const kill = { fault: "kill-node", writeOutageSeconds: 3 };
  const { injections } = measuredOf({ injections: [kill, { ...kill, twoPrimariesMs: 250 }] });
  expect(injections.map(({ twoPrimariesMs }) => valueOf(twoPrimariesMs))).toEqual([0, 250]);
});

test("a busy agent, a blind observer and operations that were never sent are told as gaps", () => {
  const recording = fakeRecording({ quick: true });
  const { gaps } = measure(
    {
      ...recording,
      events: [
        ...recording.events,
        { kind: "etcd-watch", atUs: 20e6, connected: false, reason: "reset" },
        { kind: "etcd-watch", atUs: 22e6, connected: true, reason: null },
        {
          kind: "agent-health",
          atUs: 21e6,
          lagP50Us: 1,
          lagP99Us: 1,
          lagMaxUs: 1,
          cpuShare: 0.97,
          neverSent: 4,
        },
      ],
    },
    checkSafety(recording),
  );
  expect(gaps).toContain("Leader keys were not watched from 0:20.000 to 0:22.000 (reset).");
  expect(gaps).toContain("4 operations that were due were never sent by the agent.");
  expect(gaps.some((gap) => gap.includes("97 % at most"))).toBe(true);
});

test("a recording that ended before any load has no figures but reasons", () => {
  const recording = fakeRecording({ quick: true });
  const empty: Recording = {
    ...recording,
    environment: null,
    events: [],
    samples: new Map(),
    ledgers: [],
    end: { kind: "incomplete", reason: "never ready" },
  };
  const { injections, figures, gaps } = measure(empty, checkSafety(empty));
  expect(injections).toEqual([]);
  expect(figures.every(({ figure }) => figure.kind === "withheld")).toBe(true);
  expect(gaps).toContain("No sample of write-probe was recorded.");
});

test("the measurements of one recording are these", async () => {
  const json = JSON.stringify(measuredOf({ quick: true, seed: 7 }), null, 2);
  await expect(`${json}\n`).toMatchFileSnapshot("measure.golden.json");
});

function measuredOf(options: FakeRecordingOptions) {
  const recording = fakeRecording(options);
  return measure(recording, checkSafety(recording));
}

function valueOf(figure: Figure): number {
  return figure.kind === "withheld" ? 0 : lowestOf(figure);
}

test("of a fault on a worker the probes say nothing, which is not 0 s", () => {
  const recording = fakeRecording({ quick: true });
  const events = recording.events.map((event) =>
    event.kind === "injection" ? { ...event, victim: "worker-1a" } : event,
  );
  const elsewhere = { ...recording, events };
  const { injections } = measure(elsewhere, checkSafety(elsewhere));
  for (const { writeUnavailabilitySeconds, readUnavailabilitySeconds } of injections) {
    const withheld = { kind: "withheld", reason: "the probes do not touch worker-1" };
    expect([writeUnavailabilitySeconds, readUnavailabilitySeconds]).toEqual([withheld, withheld]);
  }
  expect(injections.length).toBeGreaterThan(0);
});
