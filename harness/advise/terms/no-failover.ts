import { areGuardsActing, silenceBeforeRelease } from "./node-loss.ts";
import type { Topology } from "../../model/topology.ts";
import type { BandTerm, EffectiveTiming, VictimRole } from "../../model/advice.ts";

/**
 * A node that is slow, or busy, renews its lease all the same: nobody takes over. Where writes need it, they may take longer
 * than their clients wait for as long as that lasts; nothing is predicted where nobody says how long that is.
 */
export function slownessTerms(
  { ttl, loopWait }: EffectiveTiming,
  role: VictimRole,
  healAfterSeconds: number | undefined,
): BandTerm[] {
  const isFelt = ["primary", "worker primary", "synchronous standby"].includes(role);
  if (isFelt && healAfterSeconds === undefined) return [];
  return [
    {
      name: "no failover",
      lowSeconds: 0,
      highSeconds: isFelt ? (healAfterSeconds ?? 0) + WAKING_SECONDS : 0,
      because:
        `Every loop_wait ${loopWait} s the leader's Patroni renews a lease of ttl ${ttl} s; slower, it still does ` +
        "(Patroni manual, Dynamic configuration settings: ttl)." +
        (isFelt ? " Writes may take longer than their clients wait until it is healed." : ""),
    },
  ];
}

/** etcd's members agree on the next leader beforehand, so that no election is lost time. */
export function etcdHandoverTerms({ retryTimeout }: EffectiveTiming): BandTerm[] {
  return [
    {
      name: "no failover",
      lowSeconds: 0,
      highSeconds: 0,
      because:
        "etcd's leader lets a follower that has everything stand at once, and what was asked meanwhile is asked again " +
        `for retry_timeout ${retryTimeout} s (etcd manual, etcdctl move-leader; Patroni 4.0, patroni/ha.py, ` +
        "_handle_dcs_error); writes do not go through etcd.",
    },
  ];
}

/**
 * Frozen for less than its lease is still good for, or than leader guards wait: nobody takes over, and the node goes on when it
 * wakes. null: for longer, or nobody knows for how long.
 */
export function shortFreezeTerms(
  topology: Topology,
  { ttl, loopWait }: EffectiveTiming,
  healAfterSeconds: number | undefined,
): BandTerm[] | null {
  if (healAfterSeconds === undefined || healAfterSeconds >= ttl - loopWait) return null;
  const guarded = areGuardsActing(topology);
  if (guarded && healAfterSeconds >= silenceBeforeRelease(topology, loopWait).leastSeconds) return null;
  return [
    {
      name: "frozen, and no failover",
      lowSeconds: 0,
      highSeconds: healAfterSeconds + WAKING_SECONDS,
      because:
        `It wakes after ${healAfterSeconds} s, before its lease of ttl ${ttl} s, renewed up to loop_wait ${loopWait} s ` +
        "before, has run out (Patroni manual, Dynamic configuration settings: ttl)" +
        (guarded
          ? `, and before a leader guard takes it to be gone (guard.goneAfterMs ${topology.guard.goneAfterMs})`
          : "") +
        ". Clients that wait for so long are served.",
    },
  ];
}

/** Until all that waited is answered, and connections that gave up are made again. */
const WAKING_SECONDS = 0.5;
