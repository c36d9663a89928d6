import type { Fault } from "../../model/fault.ts";

/** Nothing reads it, so that whatever is seen was the reload itself. */
const PARAMETER = "dpg_bench.reload";
const VALUE = "done";

export const reload: Fault = {
  kind: "operation",
  name: "reload",
  title: "Configuration reload",
  mechanism:
    "A parameter that nothing reads is set in Patroni's dynamic configuration, then `patronictl reload` makes every member's PostgreSQL read its configuration again (SIGHUP); afterwards it is taken out.",
  why: "What an operator does for most settings: it closes no connection and should not be noticed.",
  failureClass: "reload",
  actsOn: "every member",
  needs: ["commands"],
  needsPatroni: true,
  healing: "at-once",
  inject: async ({ patroni }, { group, leader: member }) => {
    await patroni.setParameter({ group, member, parameter: PARAMETER, value: VALUE });
    await patroni.reload({ group, member });
  },
  // No observer sees it. The value alone could be left of the time before, a reload alone one without the value.
  tookHold: async ({ postgres }, { nodes }, sinceMs) => {
    const answers = await Promise.all(
      nodes.map((node) => postgres.configuration({ node, parameter: PARAMETER })),
    );
    return answers.every(({ value, loadedAgoMs }) => value === VALUE && loadedAgoMs < sinceMs);
  },
  heal: ({ patroni }, { group, leader: member }) =>
    patroni.setParameter({ group, member, parameter: PARAMETER, value: null }),
};
