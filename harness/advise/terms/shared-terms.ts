import type { BandTerm, EffectiveTiming } from "../../model/advice.ts";
import type { HaproxySpec, Topology } from "../../model/topology.ts";

/** From taking the key to the first writable answer. Measured on small databases; replaying a backlog takes longer. */
export const promotionTerm: BandTerm = {
  name: "promotion",
  lowSeconds: 0.1,
  highSeconds: 2,
  because:
    "PostgreSQL replays what it has received, ends recovery and starts a new timeline: 0.1-2 s without a replay " +
    "backlog (PostgreSQL manual, pg_promote; measured).",
};

/** TCP, SCRAM and the pooler's own new server connection. */
export const clientTerm: BandTerm = {
  name: "clients connect again",
  lowSeconds: 0,
  highSeconds: 0.5,
  because:
    "A connection through HAProxy and PgBouncer, SCRAM twice, with every client doing it at once (measured).",
};

/**
 * How the coordinators come to a worker's new primary: nothing stands between, and the clients' own connections stay. Citus
 * has to be told of it first, unless it is the old one that was restarted.
 */
export function coordinatorTerms(
  { sharding }: Topology,
  timing: EffectiveTiming,
  inPlace: boolean,
): readonly BandTerm[] {
  const citus = sharding === "citus";
  return [
    ...(citus && !inPlace ? [coordinatorToldTerm(timing)] : []),
    {
      name: "coordinators connect again",
      lowSeconds: 0,
      highSeconds: 0.5,
      because: citus
        ? "A session's next statement opens a connection to the host that pg_dist_node names, with SCRAM, while every other does it too."
        : "A session's next statement dials the hosts of the group's foreign server in list order, past those that refuse or " +
          "are gone, to the one that is writable, with SCRAM (libpq manual, target_session_attrs; measured).",
    },
  ];
}

/** Patroni's two calls around the promotion: the row is changed in a transaction that the second one commits. */
function coordinatorToldTerm({ loopWait, retryTimeout }: EffectiveTiming): BandTerm {
  return {
    name: "the coordinators are told",
    lowSeconds: 0,
    highSeconds: retryTimeout + loopWait,
    because:
      "The new primary's Patroni tells that of the coordinators before and after its promotion, the latter within loop_wait " +
      `${loopWait} s. citus_update_node waits for sessions that have locked the group's shards, and ends them after ` +
      `retry_timeout ${retryTimeout} s (Patroni 4.0, patroni/ha.py, notify_mpp_coordinator; patroni/postgresql/mpp/citus.py, ` +
      "update_node; Citus, citus_update_node: lock_cooldown).",
  };
}

/** How long HAProxy takes to see that a server that was down is up; nothing without HAProxy. */
export function proxyUpTerm({ haproxy }: Topology): BandTerm[] {
  if (!haproxy.enabled) return [];
  const lowSeconds = ((haproxy.rise - 1) * haproxy.fastinterMs) / 1000;
  const checkSeconds = haproxy.downinterMs / 1000;
  return [
    {
      name: "HAProxy sees the new primary",
      lowSeconds,
      highSeconds: lowSeconds + checkSeconds,
      because:
        `The next check within downinter ${checkSeconds} s, then rise - 1 = ${haproxy.rise - 1} more every ` +
        `fastinter ${haproxy.fastinterMs / 1000} s (HAProxy 3.0 configuration manual, 5.2: inter, fastinter, downinter, rise).`,
    },
  ];
}

/** Seconds at most until HAProxy marks a server down that answers its checks with an error. */
export function proxyDownHighSeconds(haproxy: HaproxySpec): number {
  return (haproxy.interMs + (haproxy.fall - 1) * haproxy.fastinterMs) / 1000;
}

/**
 * Until the old primary is marked down, HAProxy hands it a share of the new connections even though the new primary
 * is up. It runs beside the other terms, so that only what exceeds them counts; at best nobody is sent there.
 */
export function oldPrimaryTerm({ haproxy }: Topology, before: readonly BandTerm[]): BandTerm[] {
  if (!haproxy.enabled) return [];
  const downSeconds = proxyDownHighSeconds(haproxy);
  const elapsed = before.reduce((total, { highSeconds }) => total + highSeconds, 0);
  return [
    {
      name: "HAProxy drops the old primary",
      lowSeconds: 0,
      highSeconds: Math.max(0, downSeconds - elapsed),
      because:
        `Down after inter ${haproxy.interMs / 1000} s + (fall ${haproxy.fall} - 1) * fastinter ` +
        `${haproxy.fastinterMs / 1000} s = ${downSeconds} s at most, beside the steps above: only the excess counts ` +
        "(HAProxy 3.0 configuration manual, 5.2: fall).",
    },
  ];
}
