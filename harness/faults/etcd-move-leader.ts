import { HarnessError } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";

export const etcdMoveLeader: Fault = {
  kind: "fault",
  name: "etcd-move-leader",
  title: "etcd's leader changes",
  mechanism: "`etcdctl move-leader` from etcd's leader to one of its followers.",
  why: "A rolling upgrade of etcd, a member that is taken out for maintenance, an election after a slow disk.",
  failureClass: "etcd-handover",
  hits: ["etcd"],
  needs: ["commands"],
  needsPatroni: true,
  healing: "at-once",
  inject: async ({ etcd, watch }, { nodes: [from, ...others], name }) => {
    const [to] = Object.entries(watch.view().etcd)
      .filter(([, member]) => member.state === "follower")
      .map(([member]) => member)
      .sort();
    if (from === undefined || others.length > 0 || to === undefined)
      throw new HarnessError({
        code: "no-etcd-leader",
        message: `Expected etcd's leader and a follower to move its leadership to, found ${name} and ${to ?? "none"}.`,
      });
    await etcd.moveLeader({ from, to });
  },
  isObserved: ({ etcd }, { nodes }) =>
    nodes.every((node) => etcd[node] !== undefined && etcd[node].state !== "leader") &&
    Object.values(etcd).some(({ state }) => state === "leader"),
  // Whoever leads, etcd serves.
  heal: () => Promise.resolve(),
};
