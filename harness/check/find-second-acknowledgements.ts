import type { Micros } from "../model/clock.ts";
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
 * Writes that ran beside each other contradict nothing: what is counted is certain, and may not be all. Goes through
 * the writes twice, in whatever order they come.
 */
export function findSecondAcknowledgements(
  writes: Iterable<ToldWrite>,
  untold: number,
): SecondAcknowledgements {
  const timelines = firstOfTimelines(writes);
  const ids: number[] = [];
  const byServer = new ServerCounts();
  let told = 0;
  for (const write of writes) {
    told += 1;
    if (!onOlderTimeline(write, timelines) && !byOtherServer(write, timelines)) continue;
    ids.push(write.sample.id);
    byServer.add(write);
  }
  ids.sort((a, b) => a - b);
  return { told, untold, writes: ids.length, ids: ids.slice(0, namedAtMost), byServer: byServer.inOrder() };
}

/** Counts writes by the server that acknowledged them, as they come. */
export class ServerCounts {
  readonly #counts = new Map<string, AcknowledgedWrites & { readonly firstUs: Micros }>();

  add({ sample: { endUs }, by: { timeline }, server }: ToldWrite): void {
    const key = `${timeline} ${server ?? ""}`;
    const before = this.#counts.get(key);
    const firstUs = Math.min(endUs, before?.firstUs ?? Infinity);
    this.#counts.set(key, { server, timeline, writes: (before?.writes ?? 0) + 1, firstUs });
  }

  /** In order of first acknowledgement. */
  inOrder(): AcknowledgedWrites[] {
    return [...this.#counts.values()]
      .sort((a, b) => a.firstUs - b.firstUs)
      .map(({ server, timeline, writes }) => ({ server, timeline, writes }));
  }
}

/** When a timeline was first acknowledged on, and by which server: the first of those that are known. */
interface FirstOfTimeline {
  atUs: Micros;
  byServerUs: Micros;
  server: string | null;
}

function firstOfTimelines(writes: Iterable<ToldWrite>): ReadonlyMap<number, FirstOfTimeline> {
  const timelines = new Map<number, FirstOfTimeline>();
  for (const { sample, by, server } of writes) {
    let first = timelines.get(by.timeline);
    if (first === undefined) {
      first = { atUs: Infinity, byServerUs: Infinity, server: null };
      timelines.set(by.timeline, first);
    }
    first.atUs = Math.min(first.atUs, sample.endUs);
    if (server === null || sample.endUs >= first.byServerUs) continue;
    first.byServerUs = sample.endUs;
    first.server = server;
  }
  return timelines;
}

function onOlderTimeline(
  { sample, by }: ToldWrite,
  timelines: ReadonlyMap<number, FirstOfTimeline>,
): boolean {
  for (const [timeline, { atUs }] of timelines) {
    if (timeline > by.timeline && atUs < sample.startUs) return true;
  }
  return false;
}

function byOtherServer({ by, server }: ToldWrite, timelines: ReadonlyMap<number, FirstOfTimeline>): boolean {
  return server !== null && timelines.get(by.timeline)?.server !== server;
}
