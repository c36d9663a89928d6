import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { halfOfCapacity, halfOfCapacityQuick } from "../half-of-capacity.ts";
import { coordinatorFailover, losesNothing } from "../coordinator-promises.ts";

/** What users feel of a failover: the latency of reads and writes at half of what the cluster can do, second by second. */
export const latencyDuringFailover = {
  name: "latency-during-failover",
  question:
    "How much do a switchover, a crash and a lost node slow reads and writes at half of the capacity, and how long until p99 is back?",
  why:
    "Time without service is only a part of what a failover costs: operations wait for it, time out, and are followed by " +
    "cold caches and standbys that catch up. So the capacity is found first, half of it is sent without pause through " +
    "every fault, and latency is measured second by second over all that was due, failures included. Latency is back " +
    "when the p99 of five seconds is within 10 % of what it was before the first fault, and stays there.",
  topology: "high-availability",
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 20 },
  faults: injectEach(2),
  benchmark: halfOfCapacity,
  targets: [
    coordinatorFailover,
    {
      id: "LATENCY-BACK",
      title: "p99 is back within 10 % of before within 30 s of the fault",
      metric: "latency-recovery",
      statistic: "each",
      bound: { below: 30 },
      source: "dpg-bench's own: the 10 s of T1, and 20 s for queues to drain and caches to fill",
    },
    losesNothing("Coordinator failover loses no acknowledged write"),
  ],
  quick: {
    faults: injectEach(1),
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 12 },
    benchmark: halfOfCapacityQuick,
  },
} as const satisfies Scenario;

function injectEach(injections: number): readonly Step[] {
  const victim = "primary of coordinators";
  return [
    { operation: "switchover", on: "coordinators", injections },
    { fault: "crash-postgres", victim, injections },
    { fault: "kill-node", victim, injections },
  ];
}
