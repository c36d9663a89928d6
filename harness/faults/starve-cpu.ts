import type { Fault } from "../model/fault.ts";
import { onEachNode } from "./on-each-node.ts";

const CPUS = 0.05;

export const starveCpu: Fault = {
  kind: "fault",
  name: "starve-cpu",
  title: "CPU is starved",
  mechanism:
    "The container may use 5 % of one CPU (the kernel's CPU bandwidth control: 5 ms in every 100 ms), and gets back what it had.",
  why: "Noisy neighbours of a virtual machine, a limit set too low, a host that is overcommitted: everything works, and takes longer.",
  failureClass: "slowness",
  hits: ["postgres", "etcd"],
  needs: ["cpuLimits"],
  needsPatroni: false,
  healing: "after-recovery",
  lastsSeconds: 10,
  inject: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.limitCpu(node, CPUS)),
  // Whoever is slow still answers: the kernel counts how often it was held back.
  tookHold: async ({ nodes }, victim) =>
    (await Promise.all(victim.nodes.map((node) => nodes.isHeldBack(node)))).every((held) => held),
  heal: ({ nodes }, victim) => onEachNode(victim, (node) => nodes.unlimitCpu(node)),
};
