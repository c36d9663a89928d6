import type { BandTerm, EffectiveTiming } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { oldPrimaryTerm, promotionTerm, proxyDownHighSeconds, proxyUpTerm } from "./shared-terms.ts";

/**
 * primary_start_timeout 0: Patroni sees in its next turn that PostgreSQL is gone and gives the key up at once, where
 * a healthy replica exists (Patroni 4.0, patroni/ha.py, recover).
 */
export function failoverAfterCrashTerms(
  topology: Topology,
  { loopWait }: EffectiveTiming,
  lastTerms: readonly BandTerm[],
): BandTerm[] {
  const path: BandTerm[] = [
    noticedTerm(loopWait),
    {
      name: "a replica takes the key",
      lowSeconds: 0,
      highSeconds: loopWait,
      because:
        "primary_start_timeout 0: the key is given up at once; a replica takes it when its watch wakes it, else " +
        `within loop_wait ${loopWait} s (Patroni 4.0, patroni/ha.py, recover).`,
    },
    promotionTerm,
    ...proxyUpTerm(topology),
  ];
  return [...path, ...oldPrimaryTerm(topology, path), ...lastTerms];
}

/**
 * primary_start_timeout above 0: another path. The leader keeps its key and starts PostgreSQL again in place; nobody
 * is promoted unless that takes longer than primary_start_timeout.
 */
export function restartInPlaceTerms(
  topology: Topology,
  { loopWait }: EffectiveTiming,
  lastTerms: readonly BandTerm[],
): BandTerm[] {
  const { haproxy, pgbouncer, patroni } = topology;
  const terms: BandTerm[] = [
    noticedTerm(loopWait),
    {
      name: "PostgreSQL restarts in place",
      lowSeconds: 0.2,
      highSeconds: 5,
      because:
        `primary_start_timeout ${patroni.primaryStartTimeout} s: the leader keeps its key and starts PostgreSQL again, ` +
        "with crash recovery since the last checkpoint: 0.2-5 s on small databases, up to primary_start_timeout on " +
        "large ones before another is promoted (Patroni 4.0, patroni/ha.py, recover).",
    },
  ];
  if (haproxy.enabled) {
    const up = ((haproxy.rise - 1) * haproxy.fastinterMs + haproxy.downinterMs) / 1000;
    terms.push({
      name: "HAProxy sees it again",
      lowSeconds: 0,
      highSeconds: up,
      because:
        `Nothing when it is back before HAProxy marks it down (${proxyDownHighSeconds(haproxy)} s at most), else downinter + ` +
        `(rise - 1) * fastinter = ${up} s (HAProxy 3.0 configuration manual, 5.2).`,
    });
  }
  if (pgbouncer.enabled) {
    terms.push({
      name: "PgBouncer tries again",
      lowSeconds: 0,
      highSeconds: pgbouncer.serverLoginRetry,
      because:
        `After a failed login to the server PgBouncer turns clients away for server_login_retry ` +
        `${pgbouncer.serverLoginRetry} s (PgBouncer manual, server_login_retry).`,
    });
  }
  return [...terms, ...lastTerms];
}

function noticedTerm(loopWait: number): BandTerm {
  return {
    name: "Patroni notices",
    lowSeconds: 0,
    highSeconds: loopWait,
    because: `Its loop turns every loop_wait ${loopWait} s and finds the postmaster gone (Patroni 4.0, patroni/ha.py).`,
  };
}
