import type { Micros } from "../model/clock.ts";
import type { Episode } from "../model/measurement.ts";
import type { ServiceSeen } from "./see-service.ts";

/** One outage as its failover is traced: from the first operation unserved to the first success that was really seen. */
export interface Outage extends Episode {
  /** The client did not look from here to the end, so that service may have been back since; null: it looked. */
  readonly unseenFromUs: Micros | null;
}

/** The outages in which something was seen to go unserved; episodes with nothing but unseen time between them are one. */
export function outagesOf({ unserved, notSeenServed }: ServiceSeen): Outage[] {
  return notSeenServed.flatMap(({ fromUs, toUs }): Outage[] => {
    const own = unserved.filter((episode) => episode.fromUs >= fromUs && episode.fromUs < toUs);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return [];
    const unseenFromUs = last.toUs !== null && last.toUs < toUs ? last.toUs : null;
    return [{ fromUs: first.fromUs, toUs: toUs === Infinity ? null : toUs, unseenFromUs }];
  });
}

/**
 * The outage that a failover made, where a fault had several: the one in which somebody was promoted (or shortly after
 * which that was seen, since observers look at intervals), else the longest. A blip before the real outage, or an answer
 * lost after it, is not what the hops explain.
 */
export function outageOfFailover(
  outages: readonly Outage[],
  promotedAtUs: Micros | null,
  slackUs: Micros,
): Outage | undefined {
  const hadNotEnded = (slack: Micros): Outage | undefined =>
    outages.find(
      ({ fromUs, toUs }) =>
        promotedAtUs !== null && fromUs <= promotedAtUs && promotedAtUs <= (toUs ?? Infinity) + slack,
    );
  return hadNotEnded(0) ?? hadNotEnded(slackUs) ?? outages.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
}

function lengthOf({ fromUs, toUs }: Episode): Micros {
  return (toUs ?? Infinity) - fromUs;
}
