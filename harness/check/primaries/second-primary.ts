import type { Checker } from "../../model/checker.ts";
import type { Micros } from "../../model/clock.ts";
import { COORDINATORS } from "../../model/layout.ts";
import type { CheckFinding } from "../../model/measurement.ts";
import type { SecondAcknowledgements } from "../../model/primaries.ts";
import { ServerCounts, type ToldWrite, toldWrites, untoldWrites, writesInWords } from "./told-writes.ts";
import { watchedGroups } from "./watched-groups.ts";

const namedAtMost = 100;

/** By what the answers to the write probes say of who committed them. */
export const secondPrimary: Checker = {
  name: "second-primary",
  looksFor: "Write probes that were acknowledged by a second primary of the coordinators.",
  needs: "write probes, and coordinators of several members",
  metric: "second-primary-writes",
  check(history) {
    if (history.plan.load === null) return { notApplicable: "there were no write probes" };
    if (!watchedGroups(history).some(({ group }) => group === COORDINATORS))
      return { notApplicable: "no coordinators of several members were ready" };
    const second = findSecondAcknowledgements(toldWrites(history), untoldWrites(history));
    return { findings: [findingOf(second)], gaps: [], details: { secondAcknowledgements: second } };
  },
};

/** One finding over all write probes. */
export function findingOf({ told, untold, writes, ids, byServer }: SecondAcknowledgements): CheckFinding {
  const n = told + untold;
  const servers = byServer.map(writesInWords).join(", ");
  const found = (figure: CheckFinding["figure"]): CheckFinding => ({
    of: writes === 0 ? "write-probe" : `write-probe: ${servers}`,
    figure,
    n,
    ids,
    members: [...new Set(byServer.flatMap(({ server }) => server ?? []))],
  });
  if (n === 0) return found({ kind: "withheld", reason: "no write probe was acknowledged" });
  if (untold === 0) return found({ kind: "value", value: writes });
  if (writes > 0) return found({ kind: "at-least", value: writes });
  const reason = `${untold} of ${n} acknowledged writes do not say which server committed them`;
  return found({ kind: "withheld", reason });
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
