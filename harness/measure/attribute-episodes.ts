import type { Episode } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** Each injection's episodes, and those that no injection can have caused. */
export interface AttributedEpisodes {
  readonly byInjection: ReadonlyMap<number, readonly Episode[]>;
  readonly stray: readonly Episode[];
  /** Injections whose fault struck while service was already missing: nothing can be said of what they cost. */
  readonly alreadyUnserved: ReadonlySet<number>;
}

/**
 * An episode belongs to an injection when it begins in its window; also when it begins up to one client time-out before
 * the fault and goes on after it, because an operation that was in flight when the fault struck is counted from its
 * intended start.
 */
export function attributeEpisodes(
  episodes: readonly Episode[],
  injections: readonly InjectionWindow[],
  timeoutMs: number,
): AttributedEpisodes {
  const byInjection = new Map<number, Episode[]>(injections.map(({ injection }) => [injection, []]));
  const stray: Episode[] = [];
  for (const episode of episodes) {
    const owner = injections.findLast(
      ({ faultAtUs, windowEndUs }) =>
        episode.fromUs >= faultAtUs - timeoutMs * 1000 &&
        episode.fromUs < windowEndUs &&
        (episode.toUs === null || episode.toUs > faultAtUs),
    );
    if (owner === undefined) stray.push(episode);
    else byInjection.get(owner.injection)?.push(episode);
  }
  const alreadyUnserved = injections.filter(({ injection, faultAtUs }) =>
    episodes.some(
      (episode) =>
        episode.fromUs < faultAtUs &&
        (episode.toUs === null || episode.toUs > faultAtUs) &&
        byInjection.get(injection)?.includes(episode) !== true,
    ),
  );
  return {
    byInjection,
    stray,
    alreadyUnserved: new Set(alreadyUnserved.map(({ injection }) => injection)),
  };
}
