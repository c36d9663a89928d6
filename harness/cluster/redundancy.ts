import type { ClusterLayout } from "../model/layout.ts";
import type { Topology } from "../model/topology.ts";
import type { ClusterView } from "../model/view.ts";
import { everyComponent } from "./components/catalogue.ts";
import { shardingCatalogue } from "./sharding/catalogue.ts";

/**
 * What is missing of a cluster's full redundancy, one sentence each: what its components say is missing of theirs, and its
 * sharding dialect of what coordinators know of the groups. Empty is also what "ready" means.
 */
export function redundancyGaps(topology: Topology, layout: ClusterLayout, view: ClusterView): string[] {
  const seen = { topology, layout, view };
  return [
    ...everyComponent().flatMap((component) => component.gaps(seen)),
    ...(shardingCatalogue[topology.sharding].gaps?.(seen) ?? []),
  ];
}
