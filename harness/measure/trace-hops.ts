import type { Micros } from "../model/clock.ts";
import type { ClusterEvent } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import { probeStream, type StreamName } from "../model/sample.ts";
import type { Figure, Hop, HopName } from "../model/measurement.ts";
import { figureWithin } from "../stats/figures.ts";
import { type Outage, outageOfFailover } from "./failover-outages.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { observerSlackUs, type ObservedStep, observedSteps } from "./observed-steps.ts";

/** The hops of one injection, in order, and who took over. */
export interface TracedHops {
  readonly hops: readonly Hop[];
  /** Who serves writes afterwards where it is another than before; null where nobody else was promoted. */
  readonly newPrimary: string | null;
}

/**
 * Cuts the time from the fault to the first lasting success into hops, by the observers' events. Of a fault with several
 * outages, that of the failover is cut; see failover-outages.ts. The moments are made to ascend: an event that came before
 * its predecessor's, or was seen only after the first success (observers look at intervals), is moved to it, so that the
 * hops that were seen add up. A hop that nobody saw is left out; its time is in the next.
 */
export function traceHops(
  window: InjectionWindow,
  outages: readonly Outage[],
  events: readonly ClusterEvent[],
  group: string,
): TracedHops {
  const promotedAtUs = observedSteps(window, undefined, events, group).promotedAtUs;
  const outage = outageOfFailover(outages, promotedAtUs, observerSlackUs);
  const seen = observedSteps(window, outage, events, group);
  const latestUs = outage?.toUs ?? Infinity;
  const hops: Hop[] = [];
  let reachedUs = window.faultAtUs;
  for (const [hop, step] of seen.inOrder) {
    if (step.atUs === null) {
      hops.push(unseen(hop, step));
      continue;
    }
    const atUs = Math.min(Math.max(step.atUs, reachedUs), latestUs);
    hops.push({ hop, atUs, tookSeconds: value(atUs - reachedUs), evidence: step.evidence });
    reachedUs = atUs;
  }
  const which = outages.length < 2 || outage === undefined ? "" : ` (${whichOf(outages, outage)})`;
  const probe = probeStream("write", group === COORDINATORS ? undefined : group);
  const last = firstSuccess(window, outage, reachedUs, probe);
  hops.push({ ...last, evidence: last.evidence + which });
  return { hops, newPrimary: seen.newPrimary };
}

function whichOf(outages: readonly Outage[], outage: Outage): string {
  return `outage ${outages.indexOf(outage) + 1} of ${outages.length} after this fault`;
}

function unseen(hop: HopName, { evidence }: ObservedStep): Hop {
  return { hop, atUs: null, tookSeconds: { kind: "withheld", reason: evidence }, evidence };
}

function firstSuccess(
  window: InjectionWindow,
  outage: Outage | undefined,
  reachedUs: Micros,
  probe: StreamName,
): Hop {
  const hop = "first-success";
  if (outage === undefined) {
    const evidence = "no write probe went unserved";
    return { hop, atUs: null, tookSeconds: { kind: "withheld", reason: evidence }, evidence };
  }
  if (outage.toUs === null) {
    const tookSeconds: Figure = { kind: "at-least", value: (window.windowEndUs - reachedUs) / 1e6 };
    return {
      hop,
      atUs: null,
      tookSeconds,
      evidence: "no write probe succeeded lastingly before the watching ended",
    };
  }
  if (outage.unseenFromUs !== null) {
    const low = Math.max(0, outage.unseenFromUs - reachedUs) / 1e6;
    return {
      hop,
      atUs: outage.toUs,
      tookSeconds: figureWithin(low, (outage.toUs - reachedUs) / 1e6),
      evidence: `${probe}: first success that was seen; the client itself stood still before it`,
    };
  }
  return {
    hop,
    atUs: outage.toUs,
    tookSeconds: value(outage.toUs - reachedUs),
    evidence: `${probe}: first success that lasted`,
  };
}

function value(micros: Micros): Figure {
  return { kind: "value", value: micros / 1e6 };
}
