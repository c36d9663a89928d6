import type { ComponentConfig } from "../../runtime/container-spec.ts";
import { nodesOf, type ComponentRequest } from "./component-request.ts";

const clientPort = 2379;
const peerPort = 2380;

/** etcd is configured by its own ETCD_* variables alone; a variable is a flag of the same name. */
export function renderEtcd({ topology, layout, node }: ComponentRequest): ComponentConfig {
  const members = nodesOf(layout, "etcd").map((name) => `${name}=http://${name}:${peerPort}`);
  return {
    command: ["etcd"],
    environment: {
      ETCD_NAME: node.name,
      ETCD_LISTEN_CLIENT_URLS: `http://0.0.0.0:${clientPort}`,
      ETCD_ADVERTISE_CLIENT_URLS: `http://${node.name}:${clientPort}`,
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
  return nodesOf(layout, "etcd").map((name) => `${name}:${clientPort}`);
}
