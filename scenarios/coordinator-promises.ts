import type { Target } from "../harness/model/target.ts";

/** T1, of every injection: writes, since a failover moves the primary, and the write probe is what meets it. */
export const coordinatorFailover: Target = {
  id: "T1",
  title: "Coordinator failover below 10 s, for writes, every time",
  metric: "write-unavailability",
  statistic: "each",
  bound: { below: 10 },
  source: "Architecture Overview, Targets: T1, coordinator failover < 10 s",
};

/** What is done to the coordinators loses no acknowledged write; `title` says what that is. */
export function losesNothing(title: string): Target {
  return {
    id: "RPO-0",
    title,
    metric: "lost-writes",
    statistic: "each",
    bound: { atMost: 0 },
    source:
      "Architecture Overview, requirements of the same system: coordinator failover loses nothing (RPO 0, synchronous)",
  };
}

const ownPromise =
  "dpg-bench's own: a failover ends every session, so that one for nothing is an outage that somebody made";

/** Nothing of what was done is a reason for any group to get another leader. */
export const noFailover: Target = {
  id: "FALSE-FAILOVERS",
  title: "Nobody takes over from a primary that is well",
  metric: "failovers",
  statistic: "each",
  bound: { atMost: 0 },
  source: ownPromise,
};

/** Said here though every run is judged by it, since the safety of a failover is what is asked. */
export const neverTwoPrimaries: readonly Target[] = [
  {
    id: "ONE-PRIMARY",
    title: "Never are there two primaries that can acknowledge writes",
    metric: "acknowledging-primaries",
    statistic: "each",
    bound: { atMost: 0 },
    source: "PostgreSQL's streaming replication has one primary",
  },
  {
    id: "ONE-PRIMARY-WRITES",
    title: "No write is acknowledged by a second primary",
    metric: "second-primary-writes",
    statistic: "each",
    bound: { atMost: 0 },
    source: "PostgreSQL's streaming replication has one primary",
  },
];
