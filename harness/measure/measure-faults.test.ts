import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { measureFaults } from "./measure-faults.ts";

const recording = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.5 }] });

describe("the samples behind an injection's figures", () => {
  test("are those that were due in its window, of the probe or of all streams", () => {
    const { injections, figures } = measured(recording);
    const { faultAtUs, windowEndUs } = injections[0]!;
    const due = (streams: Recording["samples"]) =>
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

function measured(told: Recording) {
  return measureFaults(told, told.plan.load!, checkSafety(told));
}
