import type { FailureClass, VictimRole } from "./advice.ts";
import type { VictimSelector } from "./scenario.ts";
import type { Topology } from "./topology.ts";

/**
 * The roles that a victim may turn out to have among the coordinators of a whole cluster; none for nodes of other
 * groups. A planned fault is always the primary's, whoever is named beside it.
 */
export function possibleRoles(
  victim: VictimSelector,
  { coordinators }: Pick<Topology, "coordinators">,
  failureClass: FailureClass,
): readonly VictimRole[] {
  const standbys = coordinators.members - 1;
  switch (victim) {
    case "primary of coordinators":
    case "the only node":
      return ["primary"];
    case "one replica of coordinators":
    case "synchronous replica of coordinators":
      if (failureClass === "planned") return ["primary"];
      if (coordinators.synchronousMode === "off") return ["asynchronous replica"];
      if (coordinators.synchronousMode === "quorum" && standbys > 1) return ["quorum standby"];
      return victim === "one replica of coordinators" && standbys > 1
        ? ["synchronous standby", "asynchronous replica"]
        : ["synchronous standby"];
    case "primary of one worker group":
    case "standby of one worker group":
      return [];
  }
}
