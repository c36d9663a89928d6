import type { BandTerm, EffectiveTiming } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { leaseExpirySeconds } from "./node-loss.ts";
import { clientTerm, promotionTerm, proxyUpTerm } from "./shared-terms.ts";

/** An etcd member's process starts, reads its data and joins the others. Measured. */
const etcdStartSeconds = 1;
/** A fast shutdown of PostgreSQL, which ends every session. Measured. */
const stopSeconds = 1;

/**
 * How long a primary goes on at most without etcd: until its loop turns, while it asks each member (retry_timeout in
 * all), asks each again for the list of members where all are silent (as long again), and until PostgreSQL is stopped.
 * Measured: 3.4 s with two of three members killed, 6.3 s with all silent. For this Patroni wants loop_wait + 2 *
 * retry_timeout <= ttl.
 */
function goesOnSeconds({ loopWait, retryTimeout }: EffectiveTiming): number {
  return loopWait + 2 * retryTimeout + stopSeconds;
}

function goesOnText(timing: EffectiveTiming): string {
  const { retryTimeout } = timing;
  return (
    `the primary goes on for retry_timeout ${retryTimeout} s, and up to loop_wait + 2 * retry_timeout + ${stopSeconds} = ` +
    `${goesOnSeconds(timing)} s where every member is silent`
  );
}

/** What is left is a quorum. */
export function etcdFollowerTerms({ etcd }: Topology, { retryTimeout }: EffectiveTiming): BandTerm[] {
  return [
    {
      name: "etcd goes on",
      lowSeconds: 0,
      highSeconds: 0,
      because:
        `${etcd.members - 1} of ${etcd.members} are a quorum. A Patroni that talked to the lost member asks another within ` +
        `retry_timeout ${retryTimeout} s, before its primary would be demoted (Patroni 4.0, patroni/dcs/etcd.py, ` +
        "_calculate_timeouts; patroni/ha.py, _handle_dcs_error).",
    },
  ];
}

/**
 * etcd has no leader for one to two election time-outs. Nothing is predicted where that may be longer than the time for
 * which a primary goes on asking.
 */
export function etcdLeaderTerms({ etcd }: Topology, { retryTimeout }: EffectiveTiming): BandTerm[] {
  const [least, most] = electionSeconds(etcd);
  if (most >= retryTimeout) return [];
  return [
    {
      name: "etcd elects another leader",
      lowSeconds: 0,
      highSeconds: 0,
      because:
        `Within ${least}-${most} s, one to two election time-outs (etcd 3.5, Raft's random time-out), while PostgreSQL goes ` +
        `on: its Patroni asks again for retry_timeout ${retryTimeout} s before it demotes it (Patroni 4.0, patroni/ha.py, ` +
        "_handle_dcs_error).",
    },
  ];
}

/**
 * No lease can be renewed and nobody can be promoted: without failsafe_mode writes stop until etcd is back. Nothing is
 * predicted where it is not said when that is.
 */
export function etcdQuorumTerms(
  topology: Topology,
  timing: EffectiveTiming,
  healAfterSeconds: number | undefined,
): BandTerm[] {
  const { loopWait, retryTimeout } = timing;
  if (topology.patroni.failsafeMode) return [failsafeTerm(loopWait)];
  if (healAfterSeconds === undefined) return [];
  const goesOn = goesOnSeconds(timing);
  const [, election] = electionSeconds(topology.etcd);
  return [
    {
      name: "nobody may be primary",
      lowSeconds: Math.max(0, healAfterSeconds - goesOn),
      highSeconds: Math.max(0, healAfterSeconds - retryTimeout + loopWait),
      because:
        `Healed after ${healAfterSeconds} s, of which ${goesOnText(timing)}, until it demotes itself; without a quorum ` +
        "nobody can take the leader key (Patroni manual, DCS Failsafe Mode; patroni/ha.py, _handle_dcs_error; " +
        "patroni/dcs/etcd.py, _calculate_timeouts).",
    },
    {
      name: "etcd is back",
      lowSeconds: 0,
      highSeconds: etcdStartSeconds + election,
      because: `Its members start, and elect a leader within up to ${election} s (etcd 3.5, Raft's random time-out; measured).`,
    },
    {
      name: "Patroni asks etcd again",
      lowSeconds: 0,
      highSeconds: loopWait + retryTimeout,
      because:
        `A try that began before may last retry_timeout ${retryTimeout} s, and the next comes within loop_wait ` +
        `${loopWait} s. A new etcd leader gives every lease its whole ttl again, so that the old primary still holds its ` +
        "key (etcd 3.5, server/lease/lessor.go, Promote).",
    },
    promotionTerm,
    ...proxyUpTerm(topology),
    clientTerm,
  ];
}

/**
 * The primary alone cannot reach etcd: it stops long before its lease ends, and the others wait for the lease. With
 * failsafe_mode it goes on, since it reaches all members, which then leave the key alone.
 */
export function primaryToEtcdTerms(topology: Topology, timing: EffectiveTiming): BandTerm[] {
  const { ttl, loopWait, retryTimeout } = timing;
  if (topology.patroni.failsafeMode) return [failsafeTerm(loopWait)];
  const goesOn = goesOnSeconds(timing);
  return [
    {
      name: "the lease outlasts the primary",
      lowSeconds: Math.max(0, ttl - loopWait - goesOn),
      highSeconds: ttl - retryTimeout + loopWait,
      because:
        `ttl ${ttl} s since the last renewal, which is up to loop_wait ${loopWait} s old; of it ${goesOnText(timing)}, ` +
        "then it demotes itself and cannot give its key up (Patroni 4.0, patroni/ha.py, _handle_dcs_error; " +
        "patroni/dcs/etcd.py, _calculate_timeouts).",
    },
    {
      name: "etcd revokes it",
      lowSeconds: 0,
      highSeconds: leaseExpirySeconds,
      because: "etcd looks for expired leases every 500 ms (etcd 3.5, server/lease/lessor.go).",
    },
    {
      name: "a replica's loop turns",
      lowSeconds: 0,
      highSeconds: loopWait,
      because:
        `At once when its watch on the leader key wakes it, else within loop_wait ${loopWait} s ` +
        "(Patroni 4.0, patroni/dcs/etcd3.py, watch).",
    },
    promotionTerm,
    ...proxyUpTerm(topology),
    clientTerm,
  ];
}

function failsafeTerm(loopWait: number): BandTerm {
  return {
    name: "failsafe_mode keeps the primary",
    lowSeconds: 0,
    highSeconds: 0,
    because:
      `Every loop_wait ${loopWait} s the primary asks all members over REST (POST /failsafe), and goes on as long as ` +
      "every one answers; a member that was asked leaves the leader key alone for ttl (Patroni manual, DCS Failsafe " +
      "Mode; patroni/ha.py, check_failsafe_topology).",
  };
}

/** Raft's followers wait for one to two election time-outs, each for a time of its own, so that seldom two stand at once. */
function electionSeconds({ electionTimeoutMs }: Topology["etcd"]): readonly [number, number] {
  return [electionTimeoutMs / 1000, (2 * electionTimeoutMs) / 1000];
}
