import type { Scenario } from "../../harness/model/scenario.ts";
import type { VictimSelector } from "../../harness/model/victim-selector.ts";
import { coordinatorFailover, losesNothing } from "../coordinator-promises.ts";
import { injectEach } from "../inject-each.ts";

const onPrimary: VictimSelector = "primary of coordinators";

/**
 * Few enough operations that two slow cores, which carry some 20 containers too, make all sessions anew within the second after a
 * failover, and so no outage is the load's own; often enough to tell an outage to 40 ms.
 */
export const failoverLoad = {
  writeProbe: { ratePerSecond: 25, timeoutMs: 1000 },
  readProbe: { ratePerSecond: 10, timeoutMs: 1000 },
  background: {
    workload: "tenant-orders",
    ratePerSecond: 10,
    arrival: "poisson",
    timeoutMs: 5000,
    connections: 8,
  },
} as const satisfies Scenario["load"];

/**
 * The main job: the documented cluster's coordinators lose their primary in five ways, several times each, at random
 * phases of Patroni's loop, under load.
 *
 * Targets bound writes: a failover moves the primary, and the write probe is what meets it. Reads enter by the
 * read-only port and are mostly served by replicas throughout; they are measured and reported, not judged by T1.
 */
export const failoverCoordinator = {
  name: "failover-coordinator",
  question:
    "How long can nobody write when the coordinators' primary is lost, and is any acknowledged write lost?",
  why:
    "The Architecture Overview promises coordinator failover below 10 s and that nothing acknowledged is lost. " +
    "Each kind of failure is noticed in its own way: a crashed PostgreSQL by its own Patroni within one loop, a lost " +
    "node only when its lease in etcd runs out. So each is injected several times, and every single one must keep the " +
    "promise: an average of a crash and a power cut describes neither. Expect node loss to miss 10 s: Patroni does not " +
    "run with a ttl below 20 s.",
  topology: "production",
  load: failoverLoad,
  phases: { warmupSeconds: 6, steadySeconds: 15, recoverySeconds: 2 },
  benchmark: null,
  faults: [
    { operation: "switchover", on: "coordinators", injections: 3 },
    ...injectEach(3, ["crash-postgres", "kill-node", "pause-node", "isolate-node"], onPrimary),
  ],
  targets: [coordinatorFailover, losesNothing("Coordinator failover loses no acknowledged write")],
  quick: {
    faults: injectEach(1, ["crash-postgres", "kill-node", "isolate-node"], onPrimary),
    phases: { warmupSeconds: 6, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
  },
} as const satisfies Scenario;
