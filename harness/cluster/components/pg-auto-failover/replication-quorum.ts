import type { GroupSpec } from "../../../model/layout.ts";
import type { Topology } from "../../../model/topology.ts";

/** Do commits of this group wait for a standby? */
export function replicationQuorum({ coordinators, workers }: Topology, { role }: GroupSpec): boolean {
  return (role === "coordinator" ? coordinators : workers).synchronousMode !== "off";
}
