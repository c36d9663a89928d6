import type { Scenario } from "../../harness/model/scenario.ts";
import type { VictimSelector } from "../../harness/model/victim-selector.ts";
import { coordinatorFailover, losesNothing, neverTwoPrimaries } from "../coordinator-promises.ts";
import { injectEach } from "../inject-each.ts";
import { failoverLoad } from "./failover-coordinator.ts";

const onPrimary: VictimSelector = "primary of coordinators";

/** What all of them must answer; a switchover is done by Patroni's own API, which not all of them have. */
const FAULTS = ["crash-postgres", "kill-node", "pause-node", "isolate-node"] as const;

/** Patroni as it is recommended and as it is documented, with a leader guard, and pg_auto_failover: what each makes of the same faults. */
export const failoverManagers = {
  name: "failover-managers",
  question: "Who replaces a lost primary soonest, and what does each second cost?",
  why:
    "Patroni cannot notice the loss of a node before its lease of 20 s ends. A leader guard gives the key up sooner, and " +
    "pg_auto_failover has no lease at all. Each second is paid for: with processes that must run and be understood, with " +
    "failovers for what was only slow (false-failover asks for those), and with moments in which an old primary may still be writable. " +
    "So the same faults, at the same moments of the plan and under the same load, are put to four clusters, one after the other on this " +
    "machine, and set side by side on one page. Compare the medians, the hops, what was lost, and who could write meanwhile. Only primaries are lost here: what the loss of a " +
    "synchronous standby costs is the plan's finding D14.",
  topology: "production",
  against: ["production-as-documented", "production-leader-guard", "production-pg-auto-failover"],
  load: failoverLoad,
  phases: { warmupSeconds: 6, steadySeconds: 20, recoverySeconds: 2 },
  benchmark: null,
  faults: injectEach(3, FAULTS, onPrimary),
  targets: [
    coordinatorFailover,
    losesNothing("No failover loses an acknowledged write"),
    ...neverTwoPrimaries,
  ],
  quick: {
    faults: injectEach(1, FAULTS, onPrimary),
    phases: { warmupSeconds: 6, steadySeconds: 12, recoverySeconds: 2 },
    benchmark: null,
  },
} as const satisfies Scenario;
