import { numbered } from "../../../model/layout.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import {
  nodesOf,
  plainNodes,
  type Component,
  type ComponentRequest,
  type SeenCluster,
} from "../component.ts";

/** Where clients dial it. */
export const ETCD_CLIENT_PORT = 2379;
const peerPort = 2380;

/** Holds every PostgreSQL group's leader key. */
export const etcd: Component = {
  nodes: (topology) => plainNodes("etcd", numbered("etcd", topology.etcd.members)),
  image: "node",
  startsFirst: true,
  configure,
  gaps,
  drawn: { title: "leader keys", onTheWay: null },
  packages: ["etcd-server", "etcd-client"],
  versions: { etcd: "etcd --version | head -n 1" },
};

/** etcd is configured by its own ETCD_* variables alone; a variable is a flag of the same name. */
function configure({ topology, layout, node }: ComponentRequest): ComponentConfig {
  const members = nodesOf(layout, "etcd").map((name) => `${name}=http://${name}:${peerPort}`);
  return {
    command: ["etcd"],
    environment: {
      ETCD_NAME: node.name,
      ETCD_LISTEN_CLIENT_URLS: `http://0.0.0.0:${ETCD_CLIENT_PORT}`,
      ETCD_ADVERTISE_CLIENT_URLS: `http://${node.name}:${ETCD_CLIENT_PORT}`,
      ETCD_LISTEN_PEER_URLS: `http://0.0.0.0:${peerPort}`,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${node.name}:${peerPort}`,
      ETCD_INITIAL_CLUSTER: members.join(","),
      ETCD_INITIAL_CLUSTER_TOKEN: "dpg-bench",
      ETCD_INITIAL_CLUSTER_STATE: "new",
      ETCD_HEARTBEAT_INTERVAL: String(topology.etcd.heartbeatIntervalMs),
      ETCD_ELECTION_TIMEOUT: String(topology.etcd.electionTimeoutMs),
      ETCD_LOG_LEVEL: "warn",
    },
    files: [],
  };
}

/** host:port of every etcd member, as clients dial them. */
export function etcdEndpoints(layout: ComponentRequest["layout"]): readonly string[] {
  return nodesOf(layout, "etcd").map((name) => `${name}:${ETCD_CLIENT_PORT}`);
}

/** It has one leader, and every other member follows and is in sync. */
function gaps({ layout, view }: SeenCluster): string[] {
  const members = nodesOf(layout, "etcd");
  const leaders = members.filter((name) => view.etcd[name]?.state === "leader");
  const gaps = members.flatMap((name) => {
    const member = view.etcd[name];
    if (member === undefined || member.state === "unreachable") return [`etcd: ${name} does not answer`];
    if (member.state === "leaderless") return [`etcd: ${name} knows no leader`];
    return member.inSync ? [] : [`etcd: ${name} is not in sync`];
  });
  if (leaders.length > 1) return [...gaps, `etcd: more than one member leads: ${leaders.join(", ")}`];
  return members.length > 0 && leaders.length === 0 && gaps.length === 0 ? ["etcd: no member leads"] : gaps;
}
