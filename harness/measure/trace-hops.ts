import type { Micros } from "../model/clock.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Episode, Figure, Hop, HopName } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { type Sighting, sightingsOf } from "./sightings.ts";

/** The hops of one injection, in order, and who took over. */
export interface TracedHops {
  readonly hops: readonly Hop[];
  /** Who serves writes afterwards where it is another than before; null where nobody else was promoted. */
  readonly newPrimary: string | null;
}

/**
 * Cuts the time from the fault to the first lasting success into hops, by the observers' events. The moments are made
 * to ascend: an event that came before its predecessor's, or was seen only after the first success (observers look at
 * intervals), is moved to it, so that the hops that were seen add up. A hop that nobody saw is left out; its time is in
 * the next.
 */
export function traceHops(
  window: InjectionWindow,
  episode: Episode | undefined,
  events: readonly ClusterEvent[],
  group: string,
): TracedHops {
  const seen = sightingsOf(window, episode, events, group);
  const latestUs = episode?.toUs ?? Infinity;
  const hops: Hop[] = [];
  let reachedUs = window.faultAtUs;
  for (const [hop, sighting] of seen.inOrder) {
    if (sighting.atUs === null) {
      hops.push(unseen(hop, sighting));
      continue;
    }
    const atUs = Math.min(Math.max(sighting.atUs, reachedUs), latestUs);
    hops.push({ hop, atUs, tookSeconds: value(atUs - reachedUs), evidence: sighting.evidence });
    reachedUs = atUs;
  }
  hops.push(firstSuccess(window, episode, reachedUs));
  return { hops, newPrimary: seen.newPrimary };
}

function unseen(hop: HopName, { evidence }: Sighting): Hop {
  return { hop, atUs: null, tookSeconds: { kind: "withheld", reason: evidence }, evidence };
}

function firstSuccess(window: InjectionWindow, episode: Episode | undefined, reachedUs: Micros): Hop {
  const hop = "first-success";
  if (episode === undefined) {
    const evidence = "no write probe went unserved";
    return { hop, atUs: null, tookSeconds: { kind: "withheld", reason: evidence }, evidence };
  }
  if (episode.toUs === null) {
    const tookSeconds: Figure = { kind: "at-least", value: (window.windowEndUs - reachedUs) / 1e6 };
    return {
      hop,
      atUs: null,
      tookSeconds,
      evidence: "no write probe succeeded lastingly before the watching ended",
    };
  }
  return {
    hop,
    atUs: episode.toUs,
    tookSeconds: value(episode.toUs - reachedUs),
    evidence: "write-probe: first success that lasted",
  };
}

function value(micros: Micros): Figure {
  return { kind: "value", value: micros / 1e6 };
}
