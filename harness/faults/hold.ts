import type { Victim } from "../model/fault.ts";
import type { HoldUntil } from "../model/hold.ts";
import type { ClusterView } from "../model/view.ts";

/** Does the view show what the fault is held for? `before` is the view right before the fault. */
export function isReached(until: HoldUntil, victim: Victim, before: ClusterView, now: ClusterView): boolean {
  switch (until) {
    case "circuit-open":
      return isOut(victim, before, now);
    case "new-primary":
      return hasNewPrimary(victim, now);
  }
}

/** A backend that did not have the server up before has nothing to mark down. */
function isOut({ nodes }: Victim, before: ClusterView, now: ClusterView): boolean {
  const carrying = nodes.flatMap((node) =>
    Object.keys(before.proxy)
      .filter((backend) => before.proxy[backend]?.[node] === true)
      .map((backend) => ({ backend, node })),
  );
  return carrying.length > 0 && carrying.every(({ backend, node }) => now.proxy[backend]?.[node] === false);
}

function hasNewPrimary({ group, leader }: Victim, now: ClusterView): boolean {
  const holder = now.leaders[group] ?? null;
  return holder !== null && holder !== leader && now.members[holder]?.inRecovery === false;
}
