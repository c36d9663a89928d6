import type { Micros } from "../model/clock.ts";
import type { Episode } from "../model/measurement.ts";
import { lastingWindowMs } from "../model/metric.ts";
import type { Samples } from "../model/samples.ts";
import { wasServed } from "./was-served.ts";

/**
 * The stretches in which a stream was not served, from its samples in order of intended start.
 *
 * An episode begins with the intended start of an operation that was not served in time. After each unserved
 * operation, the first success is the one that ends earliest among those that were to start later: a success that was
 * to start before the last failure proves nothing about the time after it, even when its answer came later, and a slow
 * answer does not hide a quick one behind it. That success lasts when nothing unserved was to start within the lasting
 * window after its end; if something was, the episode goes on. The end of a success that lasts is the end of the
 * episode; an episode whose last success could not be watched for the whole window has no end yet.
 */
export function findEpisodes(
  samples: Samples,
  timeoutMs: number,
  lastingMs: number = lastingWindowMs,
): Episode[] {
  const lastingUs = lastingMs * 1000;
  const watchedUntilUs = samples.at(-1)?.intendedUs ?? 0;
  const episodes: Episode[] = [];
  let fromUs: Micros | null = null;
  let successUs = Infinity;
  for (const sample of samples) {
    if (wasServed(sample, timeoutMs)) {
      if (fromUs !== null && sample.endUs < successUs) successUs = sample.endUs;
      continue;
    }
    if (fromUs !== null && sample.intendedUs > successUs + lastingUs) {
      episodes.push({ fromUs, toUs: successUs });
      fromUs = null;
    }
    fromUs ??= sample.intendedUs;
    successUs = Infinity;
  }
  if (fromUs !== null) {
    episodes.push({ fromUs, toUs: successUs + lastingUs <= watchedUntilUs ? successUs : null });
  }
  return episodes;
}
