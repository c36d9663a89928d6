import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import { fakeWindow } from "./injection.fake.ts";
import { partsOfRun } from "./parts-of-run.ts";

const s = 1e6;
const phases: readonly ClusterEvent[] = [
  { kind: "phase", atUs: 1 * s, phase: "warmup", injection: null },
  { kind: "phase", atUs: 3 * s, phase: "steady", injection: null },
  { kind: "phase", atUs: 8 * s, phase: "fault", injection: 1 },
  { kind: "phase", atUs: 20 * s, phase: "recovery", injection: 1 },
  { kind: "phase", atUs: 30 * s, phase: "fault", injection: 2 },
];

test("a run is cut into warm-up, before, during and after; the waits before faults are none of them", () => {
  const partOf = partsOfRun({ ...fakeRecording({ quick: true }), events: phases }, [fakeWindow()]);
  const parts = [0, 1, 2.9, 3, 7.9, 8, 9.9, 10, 19.9, 20, 29.9, 30, 99];
  expect(parts.map((seconds) => [seconds, partOf(seconds * s)])).toEqual([
    [0, null],
    [1, "warmup"],
    [2.9, "warmup"],
    [3, "before"],
    [7.9, "before"],
    [8, null],
    [9.9, null],
    [10, "during"],
    [19.9, "during"],
    [20, "after"],
    [29.9, "after"],
    // The second injection's fault was never begun.
    [30, null],
    [99, null],
  ]);
});

test("a fault that struck before its phase was told is of that phase from its beginning on", () => {
  const partOf = partsOfRun({ ...fakeRecording({ quick: true }), events: phases }, [
    fakeWindow({ faultAtUs: 7 * s }),
  ]);
  expect([partOf(7.5 * s), partOf(8 * s)]).toEqual(["before", "during"]);
});
