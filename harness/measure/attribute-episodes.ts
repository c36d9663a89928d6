import type { Episode } from "../model/measurement.ts";
import { clip, subtract, type Stretch, union } from "../stats/stretches.ts";
import type { InjectionWindow } from "./list-injections.ts";
import type { ServiceSeen } from "./see-service.ts";

/** What each injection can have caused, and what no injection can have caused. */
export interface AttributedEpisodes {
  readonly byInjection: ReadonlyMap<number, ServiceSeen>;
  readonly stray: ServiceSeen;
  /** Injections whose fault struck while service was already missing: nothing can be said of what they cost. */
  readonly alreadyUnserved: ReadonlySet<number>;
}

/**
 * An episode belongs to an injection when it begins in its window; also when it begins up to one client time-out before
 * the fault and goes on after it, because an operation that was in flight when the fault struck is counted from its
 * intended start. What was not seen to be served is cut at the window's edges instead: it may have been missing on one
 * side only.
 */
export function attributeEpisodes(
  { unserved, notSeenServed }: ServiceSeen,
  injections: readonly InjectionWindow[],
  timeoutMs: number,
): AttributedEpisodes {
  const episodesOf = new Map<number, Episode[]>(injections.map(({ injection }) => [injection, []]));
  const stray: Episode[] = [];
  for (const episode of unserved) {
    const owner = injections.findLast(
      ({ faultAtUs, windowEndUs }) =>
        episode.fromUs >= faultAtUs - timeoutMs * 1000 &&
        episode.fromUs < windowEndUs &&
        (episode.toUs === null || episode.toUs > faultAtUs),
    );
    if (owner === undefined) stray.push(episode);
    else episodesOf.get(owner.injection)?.push(episode);
  }
  const alreadyUnserved = injections.filter(({ injection, faultAtUs }) =>
    unserved.some(
      (episode) =>
        episode.fromUs < faultAtUs &&
        (episode.toUs === null || episode.toUs > faultAtUs) &&
        episodesOf.get(injection)?.includes(episode) !== true,
    ),
  );
  const spans: Stretch[] = [];
  const byInjection = new Map<number, ServiceSeen>();
  for (const { injection, faultAtUs, windowEndUs } of injections) {
    const own = episodesOf.get(injection) ?? [];
    const fromUs = own.reduce((earliest, episode) => Math.min(earliest, episode.fromUs), faultAtUs);
    const span = { fromUs, toUs: windowEndUs };
    spans.push(span);
    byInjection.set(injection, {
      unserved: own,
      notSeenServed: union([...clip(notSeenServed, span), ...own.map(asStretch)]),
    });
  }
  return {
    byInjection,
    stray: { unserved: stray, notSeenServed: subtract(notSeenServed, [...spans, ...ownEnds(episodesOf)]) },
    alreadyUnserved: new Set(alreadyUnserved.map(({ injection }) => injection)),
  };
}

/** An injection's own episode may outlast its window: what is left of it is no stray. */
function ownEnds(episodesOf: ReadonlyMap<number, readonly Episode[]>): Stretch[] {
  return [...episodesOf.values()].flatMap((own) => own.map(asStretch));
}

function asStretch({ fromUs, toUs }: Episode): Stretch {
  return { fromUs, toUs: toUs ?? Infinity };
}
