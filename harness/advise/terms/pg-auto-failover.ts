import type { BandTerm, FailureClass } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { clientTerm, promotionTerm, proxyUpTerm } from "./shared-terms.ts";

/** A keeper that has nothing to do reports, and asks what is wanted of it, every second (PG_AUTOCTL_KEEPER_SLEEP_TIME). */
const KEEPER_SECONDS = 1;

const SOURCE = "pg_auto_failover 2.2";

/**
 * How long writes of the coordinators are away when their primary is lost, as the monitor does it: it gives a node up when
 * its own checks fail and the node's keeper has not reported either, whichever is later. No band where the primary's keeper
 * lives on (a crash, which is mended in place or handed over, whichever its reports say first), and none for a switchover.
 */
export function pgAutoFailoverTerms(topology: Topology, failureClass: FailureClass): readonly BandTerm[] {
  switch (failureClass) {
    case "node-loss":
    case "node-pause":
    case "network-isolation":
      return lostPrimaryTerms(topology, failureClass);
    case "planned":
    case "reload":
    case "rescaling":
    case "process-crash":
    case "link-cut":
    case "slowness":
    case "etcd-handover":
      return [];
  }
}

function lostPrimaryTerms(topology: Topology, failureClass: FailureClass): readonly BandTerm[] {
  const spec = topology.pgAutoFailover;
  const unhealthy = spec.nodeConsideredUnhealthyTimeoutMs / 1000;
  const demote = spec.primaryDemoteTimeoutMs / 1000;
  const checks = checkSeconds(topology, failureClass);
  return [
    {
      name: "the monitor gives the primary up",
      lowSeconds: Math.max(unhealthy - KEEPER_SECONDS, checks.lowSeconds),
      highSeconds: Math.max(unhealthy, checks.highSeconds) + KEEPER_SECONDS,
      because:
        `The later of two: no report of its keeper for node_considered_unhealthy_timeout ${unhealthy} s, the last one being up to ` +
        `${KEEPER_SECONDS} s old; and ${checks.because}. A standby's next report, within ${KEEPER_SECONDS} s, makes the monitor look ` +
        `(${SOURCE}, src/monitor/node_metadata.c, IsUnhealthy; health_check_worker.c).`,
    },
    {
      name: "the standbys say what they have",
      lowSeconds: 0.1,
      highSeconds: 3 * KEEPER_SECONDS,
      because:
        "Each stops to receive and reports its last position, and the furthest is chosen, each step being told by a notification, " +
        `or else found at a keeper's next turn (${SOURCE}, docs/failover-state-machine.rst: report_lsn; ` +
        "group_state_machine.c, ProceedGroupStateForMSFailover; measured).",
    },
    {
      name: "it prepares",
      lowSeconds: 0.1,
      highSeconds: 3 * KEEPER_SECONDS,
      because: `The chosen one is started and waits for what it still receives, and says so (${SOURCE}, prepare_promotion; measured).`,
    },
    {
      name: "the old primary's time to stop",
      lowSeconds: demote,
      highSeconds: demote + KEEPER_SECONDS,
      because:
        `primary_demote_timeout ${demote} s, over at the chosen one's next report (${SOURCE}, IsDrainTimeExpired); it is promoted meanwhile, ` +
        "and lets writes in only then.",
    },
    promotionTerm,
    ...proxyUpTerm(topology),
    clientTerm,
  ];
}

interface Checks {
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly because: string;
}

/** A node that is gone refuses a connection at once; one that is frozen or cut off lets each try run into its time-out. */
function checkSeconds({ pgAutoFailover: spec }: Topology, failureClass: FailureClass): Checks {
  const tries = spec.healthCheckMaxRetries + 1;
  const delay = spec.healthCheckRetryDelayMs / 1000;
  const timeout = spec.healthCheckTimeoutMs / 1000;
  const period = spec.healthCheckPeriodMs / 1000;
  // A container's address is gone with it, and connecting to it can be as silent as to one that is cut off.
  const quickest = failureClass === "node-loss" ? 0 : tries * timeout;
  return {
    lowSeconds: tries * delay + quickest,
    highSeconds: period + tries * (delay + timeout),
    because:
      `${tries} failed checks, health_check_retry_delay ${delay} s after each, within health_check_timeout ${timeout} s each, in ` +
      `the round that begins within health_check_period ${period} s`,
  };
}
