import type { FaultTools } from "../model/capabilities.ts";
import type { Fault, Victim } from "../model/fault.ts";
import { formatNumber } from "../model/format-value.ts";
import { onEachNode } from "./on-each-node.ts";

/** The observer goes on seeing the node as it is. */
const STILL_FAST = ["observer"];

export const slowNetwork50 = slowNetwork(50);
export const slowNetwork200 = slowNetwork(200);

function slowNetwork(delayMs: number): Fault {
  return {
    kind: "fault",
    name: `slow-network-${delayMs}ms`,
    title: `Network is slow: ${delayMs} ms added`,
    mechanism: `Each packet that the node sends is let go ${delayMs} ms later (NFQUEUE), to everybody but the observer, so that every round trip takes ${delayMs} ms longer.`,
    why: "A site that is far away, a link that is full, a firewall that is overloaded: nothing is lost, everything is late.",
    failureClass: "slowness",
    hits: ["postgres", "etcd"],
    needs: ["packetDelays"],
    needsPatroni: false,
    healing: "after-recovery",
    lastsSeconds: 10,
    inject: ({ network }, victim) =>
      onEachNode(victim, (node) => network.delay({ node, delayMs, except: STILL_FAST })),
    tookHold: async (tools, victim) => {
      const measured = await Promise.all(victim.nodes.map((node) => measuredFrom(node, tools, victim)));
      if (measured.some((ms) => ms < delayMs)) return false;
      return `a round trip took ${measured.map((ms) => `${formatNumber(ms, 1)} ms`).join(", ")}`;
    },
    heal: ({ network }, victim) => onEachNode(victim, (node) => network.undelay(node)),
  };
}

/** To any node that is not slow itself. */
async function measuredFrom(
  node: string,
  { network, watch }: FaultTools,
  { nodes }: Victim,
): Promise<number> {
  const { members, etcd } = watch.view();
  const peers = [
    ...Object.keys(members).filter((member) => members[member]?.reachable === true),
    ...Object.keys(etcd),
  ];
  const peer = peers.find((name) => !nodes.includes(name));
  return peer === undefined ? 0 : await network.roundTripMs(node, peer);
}
