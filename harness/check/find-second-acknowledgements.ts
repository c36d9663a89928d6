import type { AcknowledgedWrites, SecondAcknowledgements } from "../model/primaries.ts";
import type { Acknowledgement, Sample } from "../model/sample.ts";

const namedAtMost = 100;

/** An acknowledged write that says who committed it. */
export interface ToldWrite {
  readonly sample: Sample;
  readonly by: Acknowledgement;
  /** The member at that address then; the address itself where no observer saw one there. */
  readonly server: string | null;
}

/**
 * Writes that a second primary acknowledged. Two ways to see it, both without a guess:
 *
 * - It was begun after a write on a newer timeline had been acknowledged, and was committed on an older one: the
 *   group's history had gone on elsewhere, and this server did not know.
 * - It was committed on a timeline on which another server had acknowledged before: every promotion begins a timeline
 *   of its own, so that two servers on one were promoted apart.
 *
 * Writes that ran beside each other contradict nothing: what is counted is certain, and may not be all.
 */
export function findSecondAcknowledgements(
  writes: readonly ToldWrite[],
  untold: number,
): SecondAcknowledgements {
  const second = [...new Set([...onOlderTimelines(writes), ...byOtherServers(writes)])];
  const ids = second.map(({ sample }) => sample.id).sort((a, b) => a - b);
  return {
    told: writes.length,
    untold,
    writes: second.length,
    ids: ids.slice(0, namedAtMost),
    byServer: countByServer(second),
  };
}

/** In order of first acknowledgement. */
export function countByServer(writes: readonly ToldWrite[]): AcknowledgedWrites[] {
  const counts = new Map<string, AcknowledgedWrites>();
  for (const { by, server } of byEnd(writes)) {
    const key = `${by.timeline} ${server ?? ""}`;
    const before = counts.get(key)?.writes ?? 0;
    counts.set(key, { server, timeline: by.timeline, writes: before + 1 });
  }
  return [...counts.values()];
}

function onOlderTimelines(writes: readonly ToldWrite[]): ToldWrite[] {
  const ended = byEnd(writes);
  let index = 0;
  let newest = -Infinity;
  return [...writes]
    .sort((a, b) => a.sample.startUs - b.sample.startUs)
    .filter(({ sample, by }) => {
      for (; (ended[index]?.sample.endUs ?? Infinity) < sample.startUs; index += 1) {
        newest = Math.max(newest, ended[index]?.by.timeline ?? newest);
      }
      return by.timeline < newest;
    });
}

function byOtherServers(writes: readonly ToldWrite[]): ToldWrite[] {
  const first = new Map<number, string>();
  return byEnd(writes).filter(({ by, server }) => {
    if (server === null) return false;
    const known = first.get(by.timeline);
    if (known === undefined) first.set(by.timeline, server);
    return known !== undefined && known !== server;
  });
}

function byEnd(writes: readonly ToldWrite[]): ToldWrite[] {
  return [...writes].sort((a, b) => a.sample.endUs - b.sample.endUs);
}
