import { groupsOf, type ClusterLayout } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import { everyComponent } from "./catalogue.ts";

/** Lays a topology out as named nodes: etcd-1.., coordinator-1.., worker-1a.., pgbouncer-1.., haproxy, agent, observer. */
export function layOut(topology: Topology): ClusterLayout {
  return {
    nodes: everyComponent().flatMap((component) => component.nodes(topology)),
    groups: groupsOf(topology),
  };
}
