import type { InjectionMeasurement } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** The first injection of a run: a node killed at 10 s, healed at 40 s, and watched until 60 s. */
export function fakeWindow(changes: Partial<InjectionWindow> = {}): InjectionWindow {
  return {
    injection: 1,
    fault: "kill-node",
    victim: "coordinator-1",
    nodes: ["coordinator-1"],
    commandFailed: null,
    loopPhase: null,
    faultAtUs: 10e6,
    windowEndUs: 60e6,
    nextFaultUs: 60e6,
    inForceSeconds: null,
    healedAtUs: 40e6,
    settled: true,
    ...changes,
  };
}

/** What was measured of it: of everything nothing, unless said otherwise. */
export function fakeInjection(changes: Partial<InjectionMeasurement> = {}): InjectionMeasurement {
  const none = { kind: "value", value: 0 } as const;
  return {
    injection: 1,
    fault: "kill-node",
    victim: "coordinator-1",
    nodes: ["coordinator-1"],
    role: "primary",
    commandFailed: null,
    loopPhase: null,
    faultAtUs: 10e6,
    windowEndUs: 60e6,
    writeUnavailabilitySeconds: none,
    readUnavailabilitySeconds: none,
    writeEpisodes: [],
    readEpisodes: [],
    hops: [],
    timeToFullRedundancySeconds: none,
    newPrimary: null,
    operationsFailed: 0,
    operationsUnknown: 0,
    operationsLate: 0,
    failovers: [],
    failoverCount: none,
    lostWrites: none,
    lostWriteSeconds: none,
    failedButPresent: none,
    twoPrimariesMs: none,
    twoPrimaries: [],
    ...changes,
  };
}
