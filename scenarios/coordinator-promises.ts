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
