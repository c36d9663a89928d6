import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Measurements } from "../model/measurement.ts";
import { type FakeRecording, fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample, StreamName } from "../model/sample.ts";
import { measureFaults } from "./measure-faults.ts";

const recording = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.5 }] });

describe("the samples behind an injection's figures", () => {
  test("are those that were due in its window, of the probe or of all streams", () => {
    const { injections, figures } = measured(recording);
    const { faultAtUs, windowEndUs } = injections[0]!;
    const due = (streams: FakeRecording["samples"]) =>
      [...streams.values()]
        .flat()
        .filter(({ intendedUs }) => intendedUs >= faultAtUs && intendedUs < windowEndUs).length;
    const only = (stream: "write-probe" | "read-probe") =>
      due(new Map([[stream, recording.samples.get(stream) ?? []]]));
    const n = (metric: string) => figures.find((each) => each.metric === metric)?.n;
    expect(n("write-unavailability")).toBe(only("write-probe"));
    expect(n("read-unavailability")).toBe(only("read-probe"));
    expect(n("operations-failed")).toBe(due(recording.samples));
    expect(due(recording.samples)).toBeGreaterThan(only("write-probe") + only("read-probe"));
  });

  test("without the read probe's are none of it", () => {
    const samples = new Map([...recording.samples].filter(([stream]) => stream !== "read-probe"));
    const { figures } = measured({ ...recording, samples });
    expect(figures.find(({ metric }) => metric === "read-unavailability")).toMatchObject({
      figure: { kind: "withheld" },
      n: 0,
    });
  });
});

test("the last injection is watched until the last probe was due, and without probes until the last event", () => {
  const probes = [recording.samples.get("write-probe") ?? [], recording.samples.get("read-probe") ?? []];
  const lastDueUs = Math.max(...probes.flat().map(({ intendedUs }) => intendedUs));
  expect(measured(recording).injections.at(-1)?.windowEndUs).toBe(lastDueUs);
  const events = [...recording.events, { kind: "note", atUs: 500e6, text: "" } as const];
  const silent = measured({ ...recording, events, samples: new Map() });
  expect(silent.injections.at(-1)?.windowEndUs).toBe(500e6);
});

test("events may come in any order", () => {
  const reversed = { ...recording, events: recording.events.toReversed() };
  expect(measured(reversed).injections).toEqual(measured(recording).injections);
});

test("each injection has the circuit in front of its own victim", () => {
  const crash = { fault: "crash-postgres", writeOutageSeconds: 1.5 };
  const two = fakeRecording({ injections: [crash, { ...crash, writeOutageSeconds: 4 }] });
  const atUs = measured(two).injections.map(({ faultAtUs }) => faultAtUs);
  const victim = measured(two).injections[0]!.victim;
  const others = two.events
    .filter(({ kind }) => kind !== "proxy-server")
    .map((event) => (event.kind === "injection" ? { ...event, victim, nodes: [victim] } : event));
  const marks = atUs.flatMap((faultAt, index) => [
    proxy(faultAt - 1e6, victim, true),
    proxy(faultAt + (index + 1) * 1e6, victim, false),
  ]);
  const open = measured({ ...two, events: [...others, ...marks] }).figures.filter(
    ({ metric }) => metric === "circuit-open",
  );
  expect(open.map(({ figure }) => figure)).toEqual([
    { kind: "value", value: 1 },
    { kind: "value", value: 2 },
  ]);
});

describe("a probe that goes unserved outside the injections' windows", () => {
  const steadyUs = recording.events.find((event) => event.kind === "phase" && event.phase === "steady")!.atUs;

  test("for half a second of the steady phase is a stray of its stream", () => {
    const broken = failing("write-probe", steadyUs + 2e6, steadyUs + 2.5e6);
    const { stray, figures } = measured(broken);
    expect(stray.map(({ stream, inWarmup }) => [stream, inWarmup])).toEqual([["write-probe", false]]);
    expect(strayOf(figures, "write-probe")).toBeCloseTo(0.5, 1);
    expect(strayOf(figures, "read-probe")).toBe(0);
    const reads = measured(failing("read-probe", steadyUs + 2e6, steadyUs + 2.5e6));
    expect([strayOf(reads.figures, "write-probe"), reads.stray[0]?.stream]).toEqual([0, "read-probe"]);
  });

  test("in the warm-up is shown and not judged", () => {
    const { stray, figures } = measured(failing("write-probe", steadyUs - 2e6, steadyUs - 1.5e6));
    expect(stray.map(({ inWarmup }) => inWarmup)).toEqual([true]);
    expect(strayOf(figures, "write-probe")).toBe(0);
  });

  test("is not judged where the steady phase did not come", () => {
    const events = recording.events.filter(({ kind }) => kind !== "phase");
    expect(strayOf(measured({ ...recording, events }).figures, "write-probe")).toBeUndefined();
  });

  function strayOf(figures: Measurements["figures"], stream: string) {
    const found = figures.find(
      ({ metric, of }) => metric === "stray-unavailability" && of === stream,
    )?.figure;
    return found?.kind === "value" ? found.value : undefined;
  }
});

test("operations that the client never sent in a window may have been served: what failed lies within bounds", () => {
  const { faultAtUs } = measured(recording).injections[0]!;
  const all = (told: Recording) =>
    measured(told).figures.find(({ metric }) => metric === "operations-failed")?.figure;
  const before = all(recording) as { readonly kind: "value"; readonly value: number };
  expect(before.kind).toBe("value");
  const lost = failing("read-probe", faultAtUs + 5e6, faultAtUs + 5.1e6, "NEVER_SENT");
  expect(all(lost)).toEqual({ kind: "between", low: before.value, high: before.value + 10 });
});

test("a probe's lateness counts by its interval, and a client's stall by the shortest time-out", () => {
  const { faultAtUs } = measured(recording).injections[0]!;
  const late = changing("read-probe", (sample, index, all) =>
    index === all.findIndex(({ intendedUs }) => intendedUs > faultAtUs + 5e6)
      ? { ...sample, startUs: sample.startUs + 60_000, endUs: sample.endUs + 60_000 }
      : sample,
  );
  const load = recording.plan.load!;
  const of = (changes: Partial<typeof load>) =>
    measureFaults(late, { ...load, ...changes }, checkSafety(late));
  const stoodStill = (told: Measurements) =>
    told.gaps.some((gap) => gap.startsWith("The client itself stood still once"));
  const streams = late.plan.streams.map((stream) =>
    stream.name === "read-probe" ? { ...stream, timeoutMs: 500 } : stream,
  );
  const impatient = { ...late, plan: { ...late.plan, streams } };
  const hasty = measureFaults(impatient, load, checkSafety(impatient));
  expect([stoodStill(of({})), stoodStill(hasty)]).toEqual([false, true]);
  const lateAt = (ratePerSecond: number) =>
    of({ writeProbe: { ...load.writeProbe, ratePerSecond } }).injections[0]!.operationsLate;
  expect(lateAt(100) - lateAt(10)).toBe(1);
});

function measured(told: Recording): Measurements {
  return measureFaults(told, told.plan.load!, checkSafety(told));
}

/** The recording with all that a stream should have done meanwhile refused at once. */
function failing(stream: StreamName, fromUs: number, toUs: number, code = "57P01"): Recording {
  return changing(stream, (sample) =>
    sample.intendedUs >= fromUs && sample.intendedUs < toUs
      ? { ...sample, startUs: sample.intendedUs, endUs: sample.intendedUs + 500, outcome: "failed", code }
      : sample,
  );
}

function changing(
  stream: StreamName,
  change: (sample: Sample, index: number, all: readonly Sample[]) => Sample,
): Recording {
  const samples = new Map(recording.samples);
  samples.set(stream, (recording.samples.get(stream) ?? []).map(change));
  return { ...recording, samples };
}

function proxy(atUs: number, server: string, up: boolean): ClusterEvent {
  return { kind: "proxy-server", atUs, backend: "read_write", server, status: up ? "UP" : "DOWN", up };
}
