import type { Micros } from "../model/clock.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import type { TwoPrimaries } from "../model/safety.ts";

/**
 * Stretches during which two or more members of one group answered and were not in recovery. A member counts as
 * writable from the look that found it so to the look that found otherwise or got no answer, so a stretch is exact to
 * one interval of the observer at either end. A stretch that was open at the end of the recording ends there.
 */
export function findTwoPrimaries(events: readonly ClusterEvent[]): TwoPrimaries[] {
  const found: TwoPrimaries[] = [];
  const states = events
    .filter((event): event is EventOf<"postgres-state"> => event.kind === "postgres-state")
    .sort((a, b) => a.atUs - b.atUs);
  const writable = new Map<string, Set<string>>();
  const openSince = new Map<string, Micros>();

  const close = (group: string, toUs: Micros): void => {
    const fromUs = openSince.get(group);
    if (fromUs === undefined) return;
    openSince.delete(group);
    if (toUs > fromUs) found.push({ group, members: [...(writable.get(group) ?? [])].sort(), fromUs, toUs });
  };

  for (const { atUs, group, member, reachable, inRecovery } of states) {
    const members = writable.get(group) ?? new Set();
    writable.set(group, members);
    const isWritable = reachable && inRecovery === false;
    if (isWritable === members.has(member)) continue;
    close(group, atUs);
    if (isWritable) members.add(member);
    else members.delete(member);
    if (members.size > 1) openSince.set(group, atUs);
  }
  const endUs = events.reduce((latest, { atUs }) => Math.max(latest, atUs), 0);
  for (const group of [...openSince.keys()]) close(group, endUs);
  return found.sort((a, b) => a.fromUs - b.fromUs);
}
