import { COORDINATORS } from "../../../model/layout.ts";
import type { ClusterView } from "../../../model/view.ts";
import { plainNodes, type Component, type SeenCluster } from "../component.ts";
import { configureHaproxy } from "./configuration.ts";

/** The clients' way in: to the primary for reads and writes, to the replicas for reads. */
export const haproxy: Component = {
  nodes: (topology) => plainNodes("haproxy", topology.haproxy.enabled ? ["haproxy"] : []),
  image: "node",
  configure: configureHaproxy,
  gaps,
  drawn: { title: "proxy", onTheWay: 10 },
  packages: ["haproxy"],
  versions: { haproxy: "haproxy -v | head -n 1" },
};

/** read_write: the primary and nobody else. read_only: the replicas and not the primary. */
function gaps({ topology, layout, view }: SeenCluster): string[] {
  if (!topology.haproxy.enabled) return [];
  const members = layout.groups.find((group) => group.name === COORDINATORS)?.members ?? [];
  const servers = members.map((name) => ({ name, inRecovery: view.members[name]?.inRecovery }));
  return [
    ...servers.flatMap(({ name, inRecovery }) => serverGaps("read_write", name, inRecovery === false, view)),
    ...servers.flatMap(({ name, inRecovery }) => serverGaps("read_only", name, inRecovery === true, view)),
  ];
}

function serverGaps(backend: string, server: string, wanted: boolean, view: ClusterView): string[] {
  const up = view.proxy[backend]?.[server];
  if (up === undefined) return [`haproxy: nothing is known of ${server} in ${backend}`];
  return up === wanted ? [] : [`haproxy: ${server} is ${up ? "up" : "down"} in ${backend}`];
}
