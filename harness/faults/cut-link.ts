import type { Link } from "../model/capabilities.ts";
import { HarnessError } from "../model/errors.ts";
import type { Fault, Victim } from "../model/fault.ts";

export const cutLink: Fault = {
  kind: "fault",
  name: "cut-link",
  title: "Link is cut",
  mechanism:
    "Packets between two sets of nodes are silently dropped (iptables), in one direction or both; everybody else still reaches either.",
  why: "A firewall rule, a failed link between two sites, a route that works one way: part of the network, not a node.",
  failureClass: "link-cut",
  hits: "link",
  needs: ["networkControl"],
  needsPatroni: false,
  healing: "after-recovery",
  inject: ({ network }, victim) => network.cut(linkOf(victim)),
  // Nothing that is observed need show it: what was connected may have another way, or nothing to say.
  tookHold: async ({ network }, victim) => (await network.dropped(linkOf(victim))) > 0,
  heal: ({ network }, victim) => network.mend(linkOf(victim)),
};

function linkOf({ name, link }: Victim): Link {
  if (link !== null) return link;
  throw new HarnessError({ code: "no-link", message: `Expected a link to cut, found ${name}.` });
}
