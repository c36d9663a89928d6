import type { Fault, Victim } from "../model/fault.ts";
import type { ClusterView } from "../model/view.ts";
import { onEachNode } from "./on-each-node.ts";

/** The observer goes on seeing the isolated node: whether it still takes writes is the question. */
const STILL_HEARD = ["observer"];

export const isolateNode: Fault = {
  kind: "fault",
  name: "isolate-node",
  title: "Node is cut off",
  mechanism:
    "Packets from and to the node are silently dropped (iptables), to clients, peers and etcd alike; only the observer still reaches it.",
  why: "A switch or a cable that fails, a firewall rule too many, a routing mistake: the node runs and hears nobody.",
  failureClass: "network-isolation",
  hits: ["postgres", "guard"],
  needs: ["networkControl"],
  needsPatroni: false,
  healing: "after-recovery",
  inject: ({ network }, victim) => onEachNode(victim, (node) => network.isolate(node, STILL_HEARD)),
  isObserved: (view, victim) => victim.nodes.every((node) => isCutOff(view, node, victim)),
  heal: ({ network }, victim) => onEachNode(victim, (node) => network.rejoin(node)),
};

/** Nobody tells the observer that packets are dropped: the proxy, the leader key, or the node itself shows it. */
function isCutOff(view: ClusterView, node: string, { group, leader }: Victim): boolean {
  const member = view.members[node];
  const backends = Object.values(view.proxy);
  const unused =
    backends.some((servers) => node in servers) && backends.every((servers) => servers[node] !== true);
  if (unused || member?.reachable === false) return true;
  if (node !== leader) return !(view.streaming[group] ?? []).includes(node);
  // Without Patroni nobody but the clients could tell.
  if (member?.role === null) return true;
  return view.leaders[group] !== leader || member?.inRecovery === true;
}
