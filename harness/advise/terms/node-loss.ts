import type { BandTerm, EffectiveTiming, FailureClass } from "../../model/advice.ts";
import { isGuardable } from "../../model/layout.ts";
import { LEASE_FRESH_MS, type Topology } from "../../model/topology.ts";
import { promotionTerm, proxyUpTerm } from "./shared-terms.ts";

/**
 * etcd revokes an expired lease in a sweep every 500 ms, and a new etcd leader extends leases by an election
 * time-out: up to about 1 s late (etcd 3.5, server/lease/lessor.go).
 */
export const leaseExpirySeconds = 1;

/** How long a candidate waits for the REST answer of a member that is dead (Patroni 4.0, patroni/ha.py, fetch_node_status). */
const memberPollSeconds = 2;

/** Two looks at the votes, and what etcd takes for them and for the transaction. */
const votingSeconds = 0.4;

const manners: Readonly<Partial<Record<FailureClass, string>>> = {
  "node-loss": "Nobody is left to give the leader key up",
  "node-pause": "The frozen leader cannot give its key up, nor renew it",
  "network-isolation":
    "The cut-off leader cannot reach etcd: it demotes itself after retry_timeout, but the others wait for the lease all the same",
};

/**
 * The leader does not give its key up, so everybody waits for its lease, or for the leader guards. Applies to a lost, a
 * frozen and a cut-off node alike. `lastTerms`: how its users come to the new primary.
 */
export function nodeLossTerms(
  topology: Topology,
  { ttl, loopWait, retryTimeout }: EffectiveTiming,
  failureClass: FailureClass,
  lastTerms: readonly BandTerm[],
): BandTerm[] {
  const { guard } = topology;
  const guarded = areGuardsActing(topology);
  const keyGone = guarded
    ? guardTerms(topology, loopWait, failureClass)
    : leaseTerms({ ttl, loopWait, retryTimeout }, failureClass);
  return [
    ...keyGone,
    {
      name: "a replica's loop turns",
      lowSeconds: 0,
      highSeconds: loopWait,
      because:
        `At once when its watch on the leader key wakes it, else within loop_wait ${loopWait} s ` +
        "(Patroni 4.0, patroni/dcs/etcd3.py, watch).",
    },
    ...(guarded && guard.skipOldLeader ? [] : [deadMemberTerm]),
    promotionTerm,
    ...proxyUpTerm(topology),
    ...lastTerms,
  ];
}

const deadMemberTerm: BandTerm = {
  name: "it asks the dead member",
  lowSeconds: 0,
  highSeconds: memberPollSeconds,
  because:
    "Before the race a candidate asks every member over REST and waits up to 2 s for one that does not answer " +
    "(Patroni 4.0, patroni/ha.py, fetch_node_status).",
};

/** Do guards of the coordinators replace a primary that they take to be gone? */
export function areGuardsActing({ guard, coordinators }: Pick<Topology, "guard" | "coordinators">): boolean {
  return guard.enabled && !guard.dryRun && isGuardable(coordinators);
}

/**
 * From a fault until the guards take the silent node to be gone, at the least and at the most. Silence counts from the last sign of
 * life, which is up to one ask old when the fault comes; the renewal of a lease is one for a while.
 */
export function silenceBeforeRelease(
  { guard }: Pick<Topology, "guard">,
  loopWait: number,
): { readonly leastSeconds: number; readonly mostSeconds: number } {
  const goneAfter = guard.goneAfterMs / 1000;
  const leaseFresh = LEASE_FRESH_MS / 1000;
  return {
    leastSeconds: Math.max(0, goneAfter - guard.askEveryMs / 1000, leaseFresh - loopWait),
    mostSeconds: Math.max(goneAfter, leaseFresh),
  };
}

function guardTerms(topology: Topology, loopWait: number, failureClass: FailureClass): BandTerm[] {
  const goneAfter = topology.guard.goneAfterMs / 1000;
  const askEvery = topology.guard.askEveryMs / 1000;
  const { leastSeconds, mostSeconds } = silenceBeforeRelease(topology, loopWait);
  return [
    {
      name: "the guards see no sign of life",
      lowSeconds: leastSeconds,
      highSeconds: mostSeconds,
      because:
        `${manners[failureClass] ?? "The leader key stays"}. A guard takes the node to be gone guard.goneAfterMs ${goneAfter} s ` +
        `after its last sign of life, which is up to guard.askEveryMs ${askEvery} s old when the fault comes, and ` +
        `${LEASE_FRESH_MS / 1000} s after its lease was renewed, which is up to loop_wait ${loopWait} s earlier ` +
        "(harness/guard/decide/watch-leader.ts).",
    },
    {
      name: "a majority of them agrees",
      lowSeconds: 0,
      highSeconds: votingSeconds,
      because:
        "A guard looks at its group every 100 ms while the leader is silent: once to vote, once to find the others' votes; then the " +
        "leader key is deleted in one transaction (harness/guard/group-guard.ts; measured).",
    },
  ];
}

function leaseTerms(
  { ttl, loopWait, retryTimeout }: Pick<EffectiveTiming, "ttl" | "loopWait" | "retryTimeout">,
  failureClass: FailureClass,
): BandTerm[] {
  const isolation = failureClass === "network-isolation" ? `, retry_timeout ${retryTimeout} s` : "";
  return [
    {
      name: "the lease runs out",
      lowSeconds: ttl - loopWait,
      highSeconds: ttl,
      because:
        `${manners[failureClass] ?? "The leader key stays"}: ttl ${ttl} s since the last renewal, which is up to ` +
        `loop_wait ${loopWait} s old${isolation} (Patroni manual, Dynamic configuration settings: ttl).`,
    },
    {
      name: "etcd revokes it",
      lowSeconds: 0,
      highSeconds: leaseExpirySeconds,
      because: "etcd looks for expired leases every 500 ms (etcd 3.5, server/lease/lessor.go).",
    },
  ];
}
