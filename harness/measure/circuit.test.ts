import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { circuitOf } from "./circuit.ts";
import type { InjectionWindow } from "./list-injections.ts";

const s = 1_000_000;

const window: InjectionWindow = {
  injection: 1,
  fault: "kill-node",
  victim: "coordinator-2",
  nodes: ["coordinator-2"],
  commandFailed: null,
  loopPhase: null,
  faultAtUs: 10 * s,
  windowEndUs: 60 * s,
  healedAtUs: 45 * s,
  nextFaultUs: 60e6,
  inForceSeconds: null,
  settled: true,
};

const healing: ClusterEvent = {
  kind: "injection",
  atUs: 30 * s,
  injection: 1,
  fault: "kill-node",
  victim: "coordinator-2",
  nodes: ["coordinator-2"],
  moment: "healing",
};

test("opens when the victim's server is marked down, and closes when it is up again after healing", () => {
  const events = [
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    healing,
    proxy(41, "read_only", true),
  ];
  expect(circuitOf(window, events)).toEqual({ open: value(7), closed: value(11) });
});

test("is not closed by a server that is called up for a moment and goes down again", () => {
  const events = [
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    healing,
    proxy(30.49, "read_only", true),
    proxy(30.9, "read_only", false),
    proxy(32.25, "read_only", true),
  ];
  expect(circuitOf(window, events)?.closed).toEqual(value(2.25));
});

test("is open only when every backend that had the server up has it down", () => {
  const events = [
    proxy(5, "read_write", true),
    proxy(5, "read_only", true),
    proxy(16, "read_write", false),
    proxy(18, "read_only", false),
  ];
  expect(circuitOf(window, events)?.open).toEqual(value(8));
});

test("a server that was down in a backend before the fault does not count there", () => {
  const events = [proxy(4, "read_write", false), proxy(5, "read_only", true), proxy(16, "read_only", false)];
  expect(circuitOf(window, events)?.open).toEqual(value(6));
});

test("that never opens was closed at least until healing", () => {
  expect(circuitOf(window, [proxy(5, "read_only", true), healing])).toEqual({
    open: { kind: "at-least", value: 20 },
    closed: { kind: "withheld", reason: "HAProxy did not mark coordinator-2 down" },
  });
});

test("that does not close is open at least until the watching ended", () => {
  const events = [proxy(5, "read_only", true), proxy(17, "read_only", false), healing];
  expect(circuitOf(window, events)?.closed).toEqual({ kind: "at-least", value: 30 });
});

test("that closes by itself before healing took nothing afterwards", () => {
  const events = [
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    proxy(20, "read_only", true),
    healing,
  ];
  expect(circuitOf(window, events)?.closed).toEqual(value(0));
});

test("there is none in front of a node that HAProxy does not check", () => {
  expect(circuitOf({ ...window, victim: "worker-1a" }, [proxy(5, "read_only", true)])).toBeNull();
});

test("opens at once where the server is marked down in the moment of the fault", () => {
  const events = [proxy(5, "read_only", true), proxy(10, "read_only", false)];
  expect(circuitOf(window, events)?.open).toEqual(value(0));
});

test("was not opened by what happened before the fault", () => {
  const events = [
    proxy(2, "read_only", false),
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    healing,
  ];
  expect(circuitOf(window, events)?.open).toEqual(value(7));
});

test.each([60, 61])("is not opened by what happens when the watching is over, at %i s", (seconds) => {
  const events = [proxy(5, "read_only", true), proxy(seconds, "read_only", false)];
  expect(circuitOf(window, events)?.open).toEqual({ kind: "at-least", value: 50 });
});

test("never opens while one backend that had the server up keeps it", () => {
  const events = [
    proxy(5, "read_write", true),
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    healing,
  ];
  expect(circuitOf(window, events)?.open).toEqual({ kind: "at-least", value: 20 });
});

test("never opens where the server was down everywhere before the fault", () => {
  expect(circuitOf(window, [proxy(5, "read_only", false)])?.open).toEqual({ kind: "at-least", value: 50 });
});

test("is timed from its own injection's healing: neither another's, nor an earlier moment of its own", () => {
  const events: ClusterEvent[] = [
    proxy(5, "read_only", true),
    { ...healing, atUs: 8 * s, injection: 7 },
    { ...healing, atUs: 10 * s, moment: "injecting" },
    proxy(17, "read_only", false),
    healing,
    proxy(41, "read_only", true),
  ];
  expect(circuitOf(window, events)?.closed).toEqual(value(11));
});

test("is not said to close where nothing was healed", () => {
  const events = [proxy(5, "read_only", true), proxy(17, "read_only", false), proxy(41, "read_only", true)];
  expect(circuitOf(window, events)?.closed).toEqual({ kind: "withheld", reason: "nothing was healed" });
});

test.each([60, 61])("is not closed by what happens when the watching is over, at %i s", (seconds) => {
  const events = [
    proxy(5, "read_only", true),
    proxy(17, "read_only", false),
    healing,
    proxy(seconds, "read_only", true),
  ];
  expect(circuitOf(window, events)?.closed).toEqual({ kind: "at-least", value: 30 });
});

test("is closed by the first backend that has the server up for good, whatever another does", () => {
  const events = [
    proxy(5, "read_write", true),
    proxy(5, "read_only", true),
    proxy(17, "read_write", false),
    proxy(17, "read_only", false),
    healing,
    proxy(32, "read_only", true),
    proxy(33, "read_only", true),
    proxy(33, "read_write", true),
    proxy(34, "read_write", false),
    proxy(35, "read_write", true),
  ];
  expect(circuitOf(window, events)?.closed).toEqual(value(2));
});

function proxy(seconds: number, backend: string, up: boolean): ClusterEvent {
  const status = up ? "UP" : "DOWN";
  return { kind: "proxy-server", atUs: seconds * s, backend, server: "coordinator-2", status, up };
}

function value(seconds: number) {
  return { kind: "value", value: seconds };
}
