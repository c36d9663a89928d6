import type { BandTerm } from "../../model/advice.ts";
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
