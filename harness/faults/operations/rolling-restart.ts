import type { FaultTools } from "../../model/capabilities.ts";
import type { Fault, Victim } from "../../model/fault.ts";

/** Until a member that was restarted streams again, or another leads: it takes seconds. */
const BACK_MS = 60_000;

export const rollingRestart: Fault = {
  kind: "operation",
  name: "rolling-restart",
  title: "Rolling restart",
  mechanism:
    "`patronictl restart` of one standby after the other, each once the one before streams again; then `patronictl switchover`, and a restart of the old primary.",
  why: "What an operator does for a new setting, a minor version, more memory or more processors: it should be harmless.",
  failureClass: "planned",
  actsOn: "every member",
  needs: ["commands"],
  needsPatroni: true,
  healing: "at-once",
  // A restart and a wait for each member, and the switchover.
  budgetInCommands: 20,
  inject: async (tools, victim, signal) => {
    const { patroni, watch } = tools;
    const { group, leader, nodes } = victim;
    for (const member of nodes) if (member !== leader) await restart(member, tools, victim, signal);
    await patroni.switchover({ group, leader, candidate: null });
    await watch.waitUntil({
      what: `another leader of ${group} than ${leader}`,
      holds: ({ leaders }) => (leaders[group] ?? leader) !== leader,
      budgetMs: BACK_MS,
      signal,
    });
    await restart(leader, tools, victim, signal);
  },
  // The first member that restarts is away for a moment; the leader changes later.
  isObserved: ({ leaders, members }, { group, leader, nodes }) =>
    leaders[group] !== leader || nodes.some((node) => members[node]?.reachable === false),
  // All members run again.
  heal: () => Promise.resolve(),
};

async function restart(
  member: string,
  { patroni, watch }: FaultTools,
  { group }: Victim,
  signal: AbortSignal,
): Promise<void> {
  await patroni.restart({ group, member });
  await watch.waitUntil({
    what: `${member} to stream again`,
    holds: ({ streaming }) => streaming[group]?.includes(member) === true,
    budgetMs: BACK_MS,
    signal,
  });
}
