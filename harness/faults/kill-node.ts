import type { Fault } from "../model/fault.ts";

export const killNode: Fault = {
  name: "kill-node",
  title: "Node dies",
  mechanism:
    "SIGKILL of every process of the container at once; its address is gone until it is started again.",
  why: "A host that loses power, a kernel panic, a virtual machine that is destroyed.",
  failureClass: "node-loss",
  needsPatroni: false,
  healing: "after-recovery",
  inject: ({ nodes }, { node }) => nodes.kill(node),
  isFelt: (view, { node }) => view.members[node]?.reachable === false,
  heal: ({ nodes }, { node }) => nodes.start(node),
};
