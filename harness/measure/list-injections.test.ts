import { expect, test } from "vitest";
import type { ClusterEvent, InjectionMoment } from "../model/event.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import { type InjectionWindow, listInjections } from "./list-injections.ts";

const s = 1e6;

test("an injection lasts from when its fault was begun to the next one's waiting, and the last to the end of load", () => {
  const events = [
    moment(1, "waiting", 5),
    moment(1, "injecting", 10),
    moment(1, "injected", 11),
    moment(1, "recovered", 20),
    moment(1, "healed", 40),
    moment(2, "waiting", 45),
    moment(2, "injecting", 50),
    moment(2, "injected", 51),
  ];
  const [first, second] = windows(events);
  expect(first).toEqual({
    injection: 1,
    inForceSeconds: null,
    nextFaultUs: 50_000_000,
    fault: "kill-node",
    victim: "coordinator-1",
    nodes: ["coordinator-1"],
    commandFailed: null,
    loopPhase: 0.25,
    faultAtUs: 10 * s,
    windowEndUs: 45 * s,
    healedAtUs: 40 * s,
    settled: true,
  });
  expect(second).toMatchObject({ injection: 2, faultAtUs: 50 * s, windowEndUs: 100 * s });
});

test("one whose fault was not begun is none, and neither ends the window before it", () => {
  const failed = [moment(1, "injecting", 10), moment(2, "setting-up", 50), moment(2, "failed", 51)];
  expect(windows(failed).map(({ injection, windowEndUs }) => [injection, windowEndUs])).toEqual([
    [1, 100 * s],
  ]);
});

test("its window does not end before its fault, though no probe was due after it", () => {
  expect(windows([moment(1, "injecting", 110)])[0]?.windowEndUs).toBe(110 * s);
});

test("is settled when service or redundancy was seen to be back, and only redundancy heals it", () => {
  const of = (last: InjectionMoment) => {
    const [window] = windows([moment(1, "injecting", 10), moment(1, last, 20)]);
    return [window?.settled, window?.healedAtUs];
  };
  expect(of("recovered")).toEqual([true, null]);
  expect(of("healed")).toEqual([true, 20 * s]);
  expect(of("observed")).toEqual([false, null]);
  expect(of("healing")).toEqual([false, null]);
});

test("a command that failed may have acted; one that failed after it had acted is no failed command", () => {
  const failed = { ...moment(1, "failed", 12), note: "exit 1" };
  const of = (...events: readonly ClusterEvent[]) =>
    windows([moment(1, "injecting", 10), ...events])[0]?.commandFailed;
  expect(of(failed)).toBe("exit 1");
  expect(of(moment(1, "failed", 12))).toBe("it gave no reason");
  expect(of(moment(1, "injected", 11), failed)).toBeNull();
  expect(of()).toBeNull();
});

function windows(events: readonly ClusterEvent[]): InjectionWindow[] {
  const recording = fakeRecording({ quick: true });
  return listInjections({ ...recording, plan: fakePlan(["kill-node", "kill-node"]), events }, 100 * s);
}

function moment(injection: number, at: InjectionMoment, seconds: number) {
  const loopPhase = at === "injected" ? { loopPhase: 0.25 } : {};
  return {
    kind: "injection",
    atUs: seconds * s,
    injection,
    fault: "kill-node",
    victim: "coordinator-1",
    moment: at,
    ...loopPhase,
  } as const satisfies ClusterEvent;
}
