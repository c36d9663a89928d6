import { handsOver, type FailureClass, type VictimRole } from "./advice.ts";
import {
  isLink,
  setIn,
  setsOf,
  type LinkSelector,
  type NodeSet,
  type VictimSelector,
} from "./victim-selector.ts";
import type { Topology } from "./topology.ts";

/**
 * The roles that a victim may turn out to have in a whole cluster; none for what is of no known consequence to the
 * writes that need it, such as the poolers. What makes the primary hand over is always the primary's, and what writers
 * feel of a reload of all members is the primary's part of it.
 */
export function possibleRoles(
  victim: VictimSelector,
  { coordinators, etcd }: Pick<Topology, "coordinators" | "etcd">,
  failureClass: FailureClass,
): readonly VictimRole[] {
  const standbys = coordinators.members - 1;
  if (isLink(victim)) return rolesOfLink(victim);
  const set = setIn(victim);
  switch (set) {
    case "primary of coordinators":
    case "the only node":
      return ["primary"];
    case "one replica of coordinators":
    case "synchronous replica of coordinators":
      if (handsOver(failureClass)) return ["primary"];
      if (coordinators.synchronousMode === "off") return ["asynchronous replica"];
      if (coordinators.synchronousMode === "quorum" && standbys > 1) return ["quorum standby"];
      return set === "one replica of coordinators" && standbys > 1
        ? ["synchronous standby", "asynchronous replica"]
        : ["synchronous standby"];
    case "leader of etcd":
      return [etcd.members < 2 ? "etcd quorum" : "etcd leader"];
    case "one follower of etcd":
      return ["etcd follower"];
    case "every follower of etcd":
    case "a majority of etcd":
    case "every member of etcd":
      return ["etcd quorum"];
    case "every member of coordinators":
      return failureClass === "reload" ? ["primary"] : [];
    case "primary of one worker group":
      return ["worker primary"];
    case "standby of one worker group":
      return ["worker standby"];
    case "every member of one worker group":
      return [failureClass === "reload" ? "worker primary" : "worker group"];
    case "every replica of coordinators":
    case "one guard":
    case "every guard":
    case "every pgbouncer":
    case "haproxy":
    case "the clients":
      return [];
  }
}

/** One direction that is cut is enough: TCP needs both. */
function rolesOfLink(link: LinkSelector): readonly VictimRole[] {
  const ends = setsOf(link);
  const joins = (one: NodeSet, others: readonly NodeSet[]): boolean =>
    ends.some((end) => end === one) && ends.some((end) => others.includes(end));
  if (joins("primary of coordinators", ["every member of etcd"])) return ["primary to etcd"];
  if (joins("leader of etcd", ["every follower of etcd", "every member of etcd"]))
    return ["etcd leader to followers"];
  if (
    joins("every member of coordinators", ["primary of one worker group", "every member of one worker group"])
  )
    return ["coordinators to worker"];
  return [];
}
