import type { FaultStep, Scenario } from "../../harness/model/scenario.ts";
import type { VictimSelector } from "../../harness/model/victim-selector.ts";
import { losesNothing, neverTwoPrimaries, noFailover } from "../coordinator-promises.ts";
import { guardedAlone } from "../guarded-alone.ts";

const onPrimary: VictimSelector = "primary of coordinators";

/** What a primary, its node, the network or etcd may go through every day, without anybody's taking over. */
const steps: readonly FaultStep[] = [
  ...[0.5, 1, 2].map((healAfterSeconds): FaultStep => ({
    fault: "pause-node",
    victim: onPrimary,
    injections: 8,
    healAfterSeconds,
  })),
  { fault: "slow-network-50ms", victim: onPrimary, injections: 5 },
  { fault: "slow-network-200ms", victim: onPrimary, injections: 5 },
  { fault: "starve-cpu", victim: onPrimary, injections: 5, healAfterSeconds: 10 },
  { fault: "checkpoint-storm", victim: onPrimary, injections: 5 },
  { fault: "long-query", victim: onPrimary, injections: 5 },
  { fault: "kill-node", victim: "one follower of etcd", injections: 5, healAfterSeconds: 8 },
  { fault: "kill-node", victim: "leader of etcd", injections: 5, healAfterSeconds: 8 },
  { fault: "etcd-move-leader", victim: "leader of etcd", injections: 5 },
  { fault: "pause-node", victim: "one guard", injections: 3, healAfterSeconds: 6 },
  { fault: "isolate-node", victim: "one guard", injections: 3, healAfterSeconds: 6 },
  { fault: "kill-node", victim: "one guard", injections: 3, healAfterSeconds: 6 },
];

/** The other half of a failover's price: what must not fail over, and whether it does. */
export const falseFailover = {
  name: "false-failover",
  question:
    "Does anything fail over that should not, when a primary is only slow, busy or frozen for a moment?",
  why:
    "Whoever fails over sooner takes more of what passes by itself for a failure: each failover ends every session, and " +
    "may be the outage that it was to prevent. So the primary is frozen for 0.5, 1 and 2 s, its packets are late by 50 and 200 ms, it is starved of its processor, and kept " +
    "busy with a query and with checkpoints; members of etcd are lost, and its leader changes; guards are lost, frozen and cut off. No group may get another " +
    "leader, and each that does fails the run. The freeze's real length is measured each time and stands in the report.",
  // Three PostgreSQLs: whatever is slow on a small machine is the fault, and not the rest of the cluster.
  topology: "high-availability",
  set: guardedAlone,
  load: {
    writeProbe: { ratePerSecond: 50, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 25, timeoutMs: 1000 },
    background: {
      workload: "tenant-orders",
      ratePerSecond: 25,
      arrival: "poisson",
      timeoutMs: 5000,
      connections: 8,
    },
  },
  phases: { warmupSeconds: 3, steadySeconds: 15, recoverySeconds: 1 },
  benchmark: null,
  faults: steps,
  targets: [noFailover, losesNothing("What is no failure loses no acknowledged write"), ...neverTwoPrimaries],
  quick: {
    faults: [
      { fault: "pause-node", victim: onPrimary, injections: 1, healAfterSeconds: 0.5 },
      { fault: "pause-node", victim: onPrimary, injections: 2, healAfterSeconds: 2 },
      { fault: "slow-network-200ms", victim: onPrimary, injections: 1, healAfterSeconds: 5 },
      { fault: "starve-cpu", victim: onPrimary, injections: 1, healAfterSeconds: 5 },
      { fault: "kill-node", victim: "one follower of etcd", injections: 1, healAfterSeconds: 4 },
      { fault: "etcd-move-leader", victim: "leader of etcd", injections: 1 },
      { fault: "pause-node", victim: "one guard", injections: 1, healAfterSeconds: 4 },
    ],
    phases: { warmupSeconds: 2, steadySeconds: 8, recoverySeconds: 1 },
    benchmark: null,
  },
} as const satisfies Scenario;
