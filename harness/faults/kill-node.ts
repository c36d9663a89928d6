import type { Fault } from "../model/fault.ts";
import { areAll, areSilent, onEachNode } from "./on-each-node.ts";

export const killNode: Fault = {
  kind: "fault",
  name: "kill-node",
  title: "Node dies",
  mechanism:
    "SIGKILL of every process of the container at once; its address is gone until it is started again.",
  why: "A host that loses power, a kernel panic, a virtual machine that is destroyed.",
  failureClass: "node-loss",
  hits: ["postgres", "etcd", "guard"],
  needs: ["nodeControl"],
  needsPatroni: false,
  healing: "after-recovery",
  inject: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.kill(node)),
  isObserved: areSilent,
  tookHold: (tools, victim) => areAll("ended", tools, victim),
  heal: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.start(node)),
};
