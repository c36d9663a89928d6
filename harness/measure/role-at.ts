import type { Micros } from "../model/clock.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import { COORDINATORS, groupOf, groupsOf } from "../model/layout.ts";
import type { Topology } from "../model/topology.ts";
import type { VictimRole } from "../model/advice.ts";
import { leaderAt } from "./leader-at.ts";

/**
 * What a member of PostgreSQL was just before a moment: its group's leader, or a standby; of a coordinator, what that
 * leader's last list of standbys says of it. null: no member of PostgreSQL, or nobody had said it.
 */
export function roleAt(
  node: string,
  topology: Topology,
  events: readonly ClusterEvent[],
  beforeUs: Micros,
): VictimRole | null {
  const group = groupOf({ groups: groupsOf(topology) }, node);
  if (group?.role === "worker") {
    const primary = leaderAt(events, group.name, beforeUs);
    return primary === null ? null : primary === node ? "worker primary" : "worker standby";
  }
  if (group === undefined) return null;
  const leader = leaderAt(events, COORDINATORS, beforeUs);
  if (leader === node) return "primary";
  const told = events.findLast(
    (event): event is EventOf<"replication-state"> =>
      event.kind === "replication-state" &&
      event.group === COORDINATORS &&
      event.primary === leader &&
      event.atUs < beforeUs,
  );
  if (told === undefined) return null;
  if (!told.synchronous.includes(node)) return "asynchronous replica";
  const anyOfThem = topology.coordinators.synchronousMode === "quorum" && told.synchronous.length > 1;
  return anyOfThem ? "quorum standby" : "synchronous standby";
}
