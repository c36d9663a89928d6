import type { Micros } from "../model/clock.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Failover, Figure } from "../model/measurement.ts";

/** What was seen of one group so far. */
interface Seen {
  leader: string | null;
  timeline: number | null;
}

/**
 * The failovers of all groups between two moments, in order: the leader key was set to another member than the last one
 * that held it, or a primary is on a newer timeline than the last one, which PostgreSQL begins at each promotion. Both are
 * signs of the same promotion: each timeline counts once. `events` are in order, from the beginning of the recording.
 */
export function failoversIn(
  events: readonly ClusterEvent[],
  { fromUs, toUs }: { readonly fromUs: Micros; readonly toUs: Micros },
): Failover[] {
  const groups = new Map<string, Seen>();
  const found: Failover[] = [];
  /** By group: changes of the leader whose new timeline has not been seen yet. */
  const untold = new Map<string, number>();
  for (const event of events) {
    if (event.atUs >= toUs) break;
    const told = signOf(event);
    if (told === null) continue;
    const seen = groups.get(told.group) ?? { leader: null, timeline: null };
    groups.set(told.group, seen);
    const { leader: from, timeline } = seen;
    const inWindow = event.atUs >= fromUs;
    if (told.kind === "leader") {
      if (from !== null && from !== told.leader) {
        untold.set(told.group, (untold.get(told.group) ?? 0) + 1);
        if (inWindow) found.push({ group: told.group, from, to: told.leader, atUs: event.atUs });
      }
      seen.leader = told.leader;
      continue;
    }
    const newer = timeline === null ? 0 : Math.max(0, told.timeline - timeline);
    const known = Math.min(newer, untold.get(told.group) ?? 0);
    untold.set(told.group, (untold.get(told.group) ?? 0) - known);
    for (let index = known; index < newer; index++) {
      if (inWindow) found.push({ group: told.group, from, to: told.member, atUs: event.atUs });
      // The key follows, where there is one.
      if (from !== told.member) seen.leader = told.member;
    }
    seen.timeline = Math.max(timeline ?? 0, told.timeline);
  }
  return found;
}

type Sign =
  | { readonly kind: "leader"; readonly group: string; readonly leader: string }
  | {
      readonly kind: "timeline";
      readonly group: string;
      readonly member: string;
      readonly timeline: number;
    };

/** An old primary that wakes is on its old timeline, which tells nothing new. */
function signOf(event: ClusterEvent): Sign | null {
  if (event.kind === "leader-key-set") return { kind: "leader", group: event.group, leader: event.leader };
  if (event.kind !== "postgres-state" || event.inRecovery !== false || event.timeline === null) return null;
  const { group, member, timeline } = event;
  return { kind: "timeline", group, member, timeline };
}

/** How many there were, of as many groups as were watched; withheld where no primary was ever seen. */
export function countFailovers(failovers: readonly Failover[], events: readonly ClusterEvent[]): Figure {
  return events.some((event) => signOf(event) !== null)
    ? { kind: "value", value: failovers.length }
    : { kind: "withheld", reason: "no primary and no leader key was ever seen" };
}
