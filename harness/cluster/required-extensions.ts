import type { Topology } from "../model/topology.ts";
import { dialectNeeds } from "./dialect-needs.ts";

/** Extensions that the node image may lack, by what it was built on, and without which a topology is refused. */
export function requiredExtensions(topology: Topology): readonly string[] {
  return [
    ...dialectNeeds(topology).flatMap(({ extensions }) => extensions),
    ...(topology.pgAutoFailover.enabled ? ["pgautofailover"] : []),
  ];
}
