import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { halfOfCapacity, halfOfCapacityQuick } from "../half-of-capacity.ts";
import { losesNothing } from "../coordinator-promises.ts";

const source =
  "Architecture Overview, Behaviours: B7, scale up by a rolling restart, no downtime; Targets: T12, downtime 0";

/** B7 and T12: one member after the other is restarted under load, as for more memory or processors. */
export const throughputDuringRollingRestart = {
  name: "throughput-during-rolling-restart",
  question: "What do reads and writes at half of the capacity feel while every member is restarted in turn?",
  why:
    "The Architecture Overview scales members up by a rolling restart without downtime. A primary can be restarted only " +
    "after another has taken over: a switchover closes its connections, and for a moment nobody may write. So expect the " +
    "promise of no downtime to be missed for writes, by how much is the question. Half of the capacity is sent without " +
    "pause meanwhile: what failed, what waited, and how long until latency is back.",
  topology: "high-availability",
  load: {
    writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 15 },
  faults: restarts(3),
  benchmark: halfOfCapacity,
  targets: [
    {
      id: "T12-writes",
      title: "No downtime for writes while scaling up",
      metric: "write-unavailability",
      statistic: "each",
      bound: { atMost: 0 },
      source,
    },
    {
      id: "T12-reads",
      title: "No downtime for reads while scaling up",
      metric: "read-unavailability",
      statistic: "each",
      bound: { atMost: 0 },
      source,
    },
    losesNothing("A rolling restart loses no acknowledged write"),
  ],
  quick: {
    faults: restarts(1),
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 10 },
    benchmark: halfOfCapacityQuick,
  },
} as const satisfies Scenario;

function restarts(injections: number): readonly Step[] {
  return [{ operation: "rolling-restart", on: "coordinators", injections }];
}
