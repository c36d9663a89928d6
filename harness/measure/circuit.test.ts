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

function proxy(seconds: number, backend: string, up: boolean): ClusterEvent {
  const status = up ? "UP" : "DOWN";
  return { kind: "proxy-server", atUs: seconds * s, backend, server: "coordinator-2", status, up };
}

function value(seconds: number) {
  return { kind: "value", value: seconds };
}
