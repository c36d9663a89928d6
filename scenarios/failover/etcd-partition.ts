import type { FaultStep, Scenario } from "../../harness/model/scenario.ts";
import type { Target } from "../../harness/model/target.ts";
import { losesNothing } from "../coordinator-promises.ts";

/*
 * etcd holds the leader keys, so that its trouble may become everybody's: who may write then, and who must not? The same
 * faults, for the same times, with Patroni's failsafe_mode off (its default) and on.
 */

const failsafeManual = "Patroni manual, DCS Failsafe Mode";
const etcdManual = "etcd manual, Failure modes";

/** Each is healed after a time, whether writes go on or not: some of them stop until then. */
const steps = (injections: number): readonly FaultStep[] => [
  // Many election time-outs (500 ms), and longer than a primary asks etcd in vain (retry_timeout 3 s).
  { fault: "kill-node", victim: "one follower of etcd", injections, healAfterSeconds: 8 },
  { fault: "kill-node", victim: "leader of etcd", injections, healAfterSeconds: 8 },
  {
    fault: "cut-link",
    victim: { between: "leader of etcd", and: "every follower of etcd" },
    injections,
    healAfterSeconds: 8,
  },
  // Longer than the lease (ttl 20 s).
  { fault: "kill-node", victim: "a majority of etcd", injections, healAfterSeconds: 25 },
  // Longer than a failover takes at worst.
  {
    fault: "cut-link",
    victim: { between: "primary of coordinators", and: "every member of etcd" },
    injections,
    healAfterSeconds: 30,
  },
];

const always: readonly Target[] = [
  goOn(
    "ETCD-FOLLOWER",
    "Writes go on when a follower of etcd is lost",
    "kill-node, etcd follower",
    etcdManual,
  ),
  goOn("ETCD-LEADER", "Writes go on when etcd's leader is lost", "kill-node, etcd leader", etcdManual),
  goOn(
    "ETCD-LEADER-CUT",
    "Writes go on when etcd's leader is cut off from its followers",
    "cut-link, etcd leader to followers",
    etcdManual,
  ),
  {
    id: "ONE-PRIMARY",
    title: "There is never a second writable primary",
    metric: "two-primaries",
    statistic: "each",
    bound: { atMost: 0 },
    source: `${failsafeManual}: the old primary is demoted before the leader lock expires`,
  },
  losesNothing("No acknowledged write is lost"),
];

const failsafeOff: readonly Target[] = [
  stop("PRIMARY-STOPS", "A primary that cannot reach etcd stops", "cut-link, primary to etcd"),
  {
    id: "PRIMARY-REPLACED",
    title: "A primary that cannot reach etcd is replaced within 30 s",
    metric: "write-unavailability",
    of: "cut-link, primary to etcd",
    statistic: "each",
    bound: { below: 30 },
    source: "dpg-bench's own: ttl 20 s, and 10 s for everything else",
  },
  stop("QUORUM-STOPS", "Without etcd's quorum nobody writes", "kill-node, etcd quorum"),
];

const failsafeOn: readonly Target[] = [
  goOn(
    "PRIMARY-GOES-ON",
    "A primary that is cut off from etcd and still reaches every member stays primary",
    "cut-link, primary to etcd",
    failsafeManual,
  ),
  goOn(
    "QUORUM-GOES-ON",
    "Without etcd's quorum the primary goes on",
    "kill-node, etcd quorum",
    failsafeManual,
  ),
];

export const etcdPartition = partition("off", failsafeOff);
export const etcdPartitionFailsafe = partition("on", failsafeOn);

function partition(failsafeMode: "off" | "on", targets: readonly Target[]): Scenario {
  return {
    name: failsafeMode === "on" ? "etcd-partition-failsafe" : "etcd-partition",
    question: `Who may write, and for how long nobody, when etcd is lost or cut off in part, with failsafe_mode ${failsafeMode}?`,
    why:
      "A primary writes only as long as it can renew its leader key in etcd. To lose one member of three must be of no " +
      "consequence, its leader included: the others elect another. A primary that alone is cut off from etcd, and " +
      "every primary once etcd's quorum is lost, demotes itself after retry_timeout unless failsafe_mode lets it go on, " +
      "which it does while it reaches all members of its group. So without failsafe_mode the loss of etcd's quorum stops " +
      "all writes though every PostgreSQL is well. Whatever happens, there must be no second primary, and no " +
      "acknowledged write may be lost. `etcd-partition` and `etcd-partition-failsafe` differ in this one setting.",
    topology: "high-availability",
    set: [`patroni.failsafeMode=${failsafeMode === "on"}`],
    load: {
      writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      background: null,
    },
    phases: { warmupSeconds: 3, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
    faults: steps(2),
    targets: [...always, ...targets],
    quick: {
      faults: steps(1),
      phases: { warmupSeconds: 2, steadySeconds: 10, recoverySeconds: 1 },
      benchmark: null,
    },
  };
}

/** Not one write goes unserved for as long as its client waits. */
function goOn(id: string, title: string, of: string, source: string): Target {
  return { id, title, metric: "write-unavailability", of, statistic: "each", bound: { below: 1 }, source };
}

/** A primary that cannot renew its key may go on for a few seconds of the fault, and not for all of it. */
function stop(id: string, title: string, of: string): Target {
  return {
    id,
    title,
    metric: "write-unavailability",
    of,
    statistic: "each",
    bound: { atLeast: 5 },
    source: `${failsafeManual}: in case the update of the leader lock fails, Postgres is immediately demoted`,
  };
}
