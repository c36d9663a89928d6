import { expect, test } from "vitest";
import type { Episode } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";
import type { ServiceSeen } from "./see-service.ts";
import { unavailability } from "./unavailability.ts";

const window: InjectionWindow = {
  injection: 1,
  fault: "kill-node",
  victim: "coordinator-1",
  nodes: ["coordinator-1"],
  commandFailed: null,
  loopPhase: null,
  faultAtUs: 10e6,
  windowEndUs: 60e6,
  healedAtUs: 40e6,
  nextFaultUs: 60e6,
  inForceSeconds: null,
  settled: true,
};

test("the episodes of a window add up", () => {
  const episodes = [
    { fromUs: 10e6, toUs: 12e6 },
    { fromUs: 30e6, toUs: 30.5e6 },
  ];
  expect(unavailability(window, seen(...episodes), 5000)).toEqual({ kind: "value", value: 2.5 });
});

test("no episode in a window that was watched to its end is no unavailability", () => {
  expect(unavailability(window, seen(), 5000)).toEqual({ kind: "value", value: 0 });
});

test("an episode that did not end lasts at least to the end of the window", () => {
  expect(unavailability(window, seen({ fromUs: 10e6, toUs: null }), 5000)).toEqual({
    kind: "at-least",
    value: 50,
  });
});

test("nothing is said of a window without probes, or of a fault that was not seen through", () => {
  expect(unavailability(window, seen(), 0).kind).toBe("withheld");
  expect(unavailability({ ...window, settled: false }, seen(), 5000).kind).toBe("withheld");
});

test("an episode that ended before the watching stopped may not be the last", () => {
  const figure = unavailability({ ...window, settled: false }, seen({ fromUs: 10e6, toUs: 12e6 }), 5000);
  expect(figure).toEqual({ kind: "at-least", value: 2 });
});

test("a fault that struck while service was missing already says nothing of its own cost", () => {
  const figure = unavailability(window, seen({ fromUs: 20e6, toUs: 21e6 }), 5000, true);
  expect(figure).toEqual({ kind: "withheld", reason: "service was missing already when the fault struck" });
});

test("where the client did not look, it lies between what was seen to go unserved and what was not seen to be served", () => {
  const unserved = [{ fromUs: 10e6, toUs: 11e6 }];
  const notSeenServed = [{ fromUs: 10e6, toUs: 22.7e6 }];
  const figure = unavailability(window, { unserved, notSeenServed }, 5000);
  expect(figure).toEqual({ kind: "between", low: 1, high: 12.7 });
});

test("an open episode is at least so long, though what was not seen to be served is cut at the window", () => {
  const unserved = [
    { fromUs: 20e6, toUs: null },
    { fromUs: 10e6, toUs: 11e6 },
  ];
  const notSeenServed = [{ fromUs: 10e6, toUs: 60e6 }];
  const figure = unavailability(window, { unserved, notSeenServed }, 5000);
  expect(figure).toEqual({ kind: "at-least", value: 41 });
});

/** The client looked all the time. */
function seen(...unserved: readonly Episode[]): ServiceSeen {
  return {
    unserved,
    notSeenServed: unserved.map(({ fromUs, toUs }) => ({ fromUs, toUs: toUs ?? Infinity })),
  };
}
