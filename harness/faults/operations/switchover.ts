import type { Fault } from "../../model/fault.ts";

export const switchover: Fault = {
  kind: "operation",
  name: "switchover",
  title: "Planned switchover",
  mechanism:
    "`patronictl switchover` from the leader to a standby of Patroni's choice (`pg_autoctl perform switchover` in its place).",
  why: "What an operator does before maintenance of the primary: upgrades, reboots, moves to another machine.",
  failureClass: "planned",
  actsOn: "primary",
  needs: ["commands"],
  needsPatroni: true,
  alsoWithPgAutoFailover: true,
  healing: "at-once",
  inject: ({ patroni }, { group, leader }) => patroni.switchover({ group, leader, candidate: null }),
  isObserved: (view, { group, leader }) => view.leaders[group] !== leader,
  // The old primary becomes a standby by itself.
  heal: () => Promise.resolve(),
};
