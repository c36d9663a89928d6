import { type BandTerm, type EffectiveTiming, type FailureClass, failureTraits } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { leaseExpirySeconds } from "./node-loss.ts";
import { clientTerm } from "./shared-terms.ts";
import { walSenderTimeoutSeconds } from "./wal-sender-timeout.ts";

/**
 * Every COMMIT waits for this one standby, until the primary's Patroni takes it out of synchronous_standby_names. In
 * each turn of its loop Patroni counts as standbys those that both have a member key in etcd and stream
 * (pg_stat_replication), so that it drops one as soon as either is gone (Patroni 4.0, patroni/postgresql/sync.py,
 * _ReplicaList).
 */
export function synchronousStandbyTerms(
  topology: Topology,
  timing: EffectiveTiming,
  failureClass: FailureClass,
): BandTerm[] {
  const { loopWait } = timing;
  return [
    ...(failureTraits[failureClass].hangs
      ? silentTerms(topology, timing, failureClass)
      : [connectionEndsTerm]),
    {
      name: "the primary's Patroni drops it",
      lowSeconds: 0,
      highSeconds: loopWait,
      because:
        `In the next turn of its loop, within loop_wait ${loopWait} s: nothing wakes it sooner ` +
        "(Patroni 4.0, patroni/ha.py, process_sync_replication).",
    },
    {
      name: "PostgreSQL takes the new list",
      lowSeconds: 0,
      highSeconds: 0.5,
      because:
        "First /sync in etcd, so that the dropped one is not promoted, then synchronous_standby_names and a reload, which " +
        "lets the COMMITs that wait go (Patroni 4.0, patroni/ha.py, _process_multisync_replication; measured).",
    },
    clientTerm,
  ];
}

/** Any other standby of the list may confirm a COMMIT. */
export const quorumStandbyTerms: readonly BandTerm[] = [
  {
    name: "another standby confirms",
    lowSeconds: 0,
    highSeconds: 0,
    because:
      "synchronous_mode quorum: any one of the standbys may confirm a COMMIT (PostgreSQL manual, " +
      "synchronous_standby_names: ANY 1), so that the loss of one stops nothing (measured: 0 s).",
  },
];

export const asynchronousReplicaTerms: readonly BandTerm[] = [
  {
    name: "no COMMIT waits for it",
    lowSeconds: 0,
    highSeconds: 0,
    because: "It is not in synchronous_standby_names (PostgreSQL manual).",
  },
];

const connectionEndsTerm: BandTerm = {
  name: "its connection ends",
  lowSeconds: 0,
  highSeconds: 0.1,
  because:
    "The kernel of a process that is killed closes its connections at once, and the primary no longer lists it in " +
    "pg_stat_replication. A host that loses its power closes nothing: then it is as with a frozen one.",
};

const manners: Readonly<Partial<Record<FailureClass, string>>> = {
  "node-pause":
    "A frozen node's kernel still acknowledges packets, so that its connection stays, and so does its key",
  "network-isolation":
    "A cut-off node closes nothing that the primary could see, and cannot take its key away",
};

/** Whichever of the two signs goes first: the key in etcd, or the connection that the primary's WAL sender gives up. */
function silentTerms(
  topology: Topology,
  { ttl, loopWait }: EffectiveTiming,
  failureClass: FailureClass,
): BandTerm[] {
  const senderSeconds = walSenderTimeoutSeconds(topology.postgres.parameters);
  if (senderSeconds !== null && senderSeconds < ttl - loopWait) {
    return [
      {
        name: "the WAL sender gives it up",
        lowSeconds: senderSeconds,
        highSeconds: senderSeconds + 1,
        because:
          `wal_sender_timeout ${senderSeconds} s since the standby's last word, sooner than its key in etcd runs out ` +
          "(PostgreSQL manual, wal_sender_timeout).",
      },
    ];
  }
  const sender = senderSeconds === null ? "off" : `${senderSeconds} s`;
  return [
    {
      name: "its member key runs out",
      lowSeconds: ttl - loopWait,
      highSeconds: ttl,
      because:
        `${manners[failureClass] ?? "Its key stays"}: ttl ${ttl} s since the last renewal, which is up to loop_wait ` +
        `${loopWait} s old (Patroni manual, Dynamic configuration settings: ttl); wal_sender_timeout is ${sender}.`,
    },
    {
      name: "etcd revokes it",
      lowSeconds: 0,
      highSeconds: leaseExpirySeconds,
      because: "etcd looks for expired leases every 500 ms (etcd 3.5, server/lease/lessor.go).",
    },
  ];
}
