import type { Fault } from "../model/fault.ts";
import { areAll, areSilent, onEachNode } from "./on-each-node.ts";

export const pauseNode: Fault = {
  kind: "fault",
  name: "pause-node",
  title: "Node freezes",
  mechanism:
    "Every process of the container is frozen (cgroup freezer): connections stay open, nothing answers, and on waking the node does not know that time has passed.",
  why: "Live migration of a virtual machine, a hypervisor out of memory, storage that hangs, a host that swaps.",
  failureClass: "node-pause",
  hits: ["postgres", "etcd", "guard"],
  needs: ["nodeFreezing"],
  needsPatroni: false,
  healing: "after-recovery",
  inject: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.pause(node)),
  isObserved: areSilent,
  tookHold: (tools, victim) => areAll("paused", tools, victim),
  heal: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.resume(node)),
};
