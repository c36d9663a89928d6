import type { Target } from "../harness/model/target.ts";

/** T2, of every injection: writes to shards of the group that was hit. */
export const workerFailover: Target = {
  id: "T2",
  title: "Worker failover below 5 s, for writes to its shards, every time",
  metric: "write-unavailability",
  statistic: "each",
  bound: { below: 5 },
  source: "Architecture Overview, Targets: T2, worker failover < 5 s",
};

/** A worker's replication is asynchronous: what it may lose is bounded by time. */
export const losesFiveSecondsAtMost: Target = {
  id: "RPO-5",
  title: "Worker failover loses the acknowledged writes of 5 s at most",
  metric: "lost-write-seconds",
  statistic: "each",
  bound: { atMost: 5 },
  source:
    "Architecture Overview, requirements of the same system: worker failover loses at most 5 s (asynchronous)",
};

/** The damage is contained. The bound is the probes' time-out, below which no outage is seen. */
export const servesElsewhere: readonly Target[] = (["write", "read"] as const).map((kind) => ({
  id: `CONTAINED-${kind.toUpperCase()}S`,
  title: `A worker's failure stops no ${kind}s that do not need it`,
  metric: `${kind}-unavailability-elsewhere`,
  statistic: "each",
  bound: { below: 1 },
  source: "dpg-bench's own: shards are on several workers so that the loss of one is not the loss of all",
}));
