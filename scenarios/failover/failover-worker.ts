import type { Scenario } from "../../harness/model/scenario.ts";
import type { VictimSelector } from "../../harness/model/victim-selector.ts";
import { injectEach } from "../inject-each.ts";
import { losesFiveSecondsAtMost, servesElsewhere, workerFailover } from "../worker-promises.ts";

const onPrimary: VictimSelector = "primary of one worker group";

// Rates that two slow cores carry beside 20 containers, with room to spare: while a group is away, each operation that needs it takes a
// session of its own, with a session on the workers behind it, and each of these costs some 0.1 s of a core.
const probe = { ratePerSecond: 15, timeoutMs: 1000 } as const;

/** What a worker's failure costs those who need its shards, and those who do not. */
export const failoverWorker = {
  name: "failover-worker",
  question:
    "How long are the shards of a worker group unavailable when its primary is lost, is the damage contained, and what is lost?",
  why:
    "The Architecture Overview promises worker failover below 5 s, with the writes of at most 5 s lost. Every group's " +
    "shards have a write probe and a read probe of their own, which go through HAProxy, PgBouncer and a coordinator as " +
    "clients do: those of the group that is hit say how long its shards are away, those of the others whether what " +
    "does not need them goes on. A crashed process is noticed within one turn of its Patroni's loop, a lost node only " +
    "when its lease runs out, so expect node loss to miss 5 s: Patroni does not run with a ttl below 20 s. " +
    "When both members of a group are gone, nothing serves its shards until they are started again.",
  topology: "production",
  load: {
    writeProbe: probe,
    readProbe: probe,
    shardProbes: { ratePerSecond: 3, timeoutMs: 1000 },
    background: {
      workload: "tenant-orders",
      ratePerSecond: 10,
      arrival: "poisson",
      timeoutMs: 5000,
      connections: 8,
    },
  },
  phases: { warmupSeconds: 6, steadySeconds: 15, recoverySeconds: 2 },
  benchmark: null,
  faults: [
    { operation: "switchover", on: "one worker group", injections: 3 },
    ...injectEach(3, ["crash-postgres", "kill-node", "pause-node", "isolate-node"], onPrimary),
    { fault: "kill-node", victim: "standby of one worker group", injections: 2 },
    {
      fault: "cut-link",
      victim: { between: "every member of coordinators", and: onPrimary },
      injections: 1,
      healAfterSeconds: 10,
    },
    { fault: "kill-node", victim: "every member of one worker group", injections: 1, healAfterSeconds: 10 },
  ],
  targets: [workerFailover, losesFiveSecondsAtMost, ...servesElsewhere],
  quick: {
    faults: injectEach(1, ["crash-postgres", "kill-node"], onPrimary),
    phases: { warmupSeconds: 6, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
  },
} as const satisfies Scenario;
