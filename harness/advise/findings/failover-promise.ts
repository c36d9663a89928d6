import { predictBand } from "../predict-band.ts";
import { areGuardsActing } from "../terms/node-loss.ts";
import type { Check } from "./check.ts";
import { formatSeconds } from "../../model/format-value.ts";

/** T1 of the Architecture Overview, seconds. */
const promisedSeconds = 10;

const D1 = {
  id: "D1",
  severity: "impossible",
  title: "Failover below 10 s cannot be kept when a node is lost",
  claim: "Coordinator failover < 10 s, with a 5 s heartbeat (Architecture Overview, Targets: T1).",
} as const;

/** D1: failover below 10 s is promised; a lost node's lease alone takes longer at Patroni's floors. */
export const failoverPromise: Check = (topology, timing) => {
  if (timing === null || topology.coordinators.members < 2) return null;
  const { lowSeconds, highSeconds } = predictBand(topology, timing, { name: "", failureClass: "node-loss" });
  if (lowSeconds < promisedSeconds) return null;
  if (areGuardsActing(topology)) {
    const seconds = formatSeconds(topology.guard.goneAfterMs / 1000);
    return {
      ...D1,
      truth:
        `The leader guards wait for guard.goneAfterMs ${topology.guard.goneAfterMs}, and so a lost, frozen or cut-off primary is replaced ` +
        `for clients after ${formatSeconds(lowSeconds)} to ${formatSeconds(highSeconds)}, ${seconds} of them before anything is done.`,
      mend: "Lower guard.goneAfterMs: 3000 keeps T1, and run false-failover to see what else it replaces.",
      source: "dpg-bench's own: harness/guard/decide/watch-leader.ts.",
    };
  }
  const raised =
    timing.adjusted.length === 0 ? "" : ` Patroni changes what was set: ${timing.adjusted.join(" ")}`;
  return {
    ...D1,
    truth:
      `With ttl ${timing.ttl} s and loop_wait ${timing.loopWait} s a lost, frozen or cut-off primary is replaced for ` +
      `clients after ${formatSeconds(lowSeconds)} to ${formatSeconds(highSeconds)}: its lease must run out first. No setting helps: ` +
      `Patroni's floor for ttl is 20 s.${raised}`,
    mend:
      "Let a leader guard delete the leader key of a node that is gone: --topology production-leader-guard. Or promise below 30 s for node loss (ttl 20, loop_wait 1, retry_timeout 3), and keep T1 for switchovers and for " +
      "crashes of PostgreSQL with primary_start_timeout 0.",
    source: "Patroni 4.0, patroni/config.py, _validate_and_adjust_timeouts; release notes of 3.2.0.",
  };
};
