import type { Check } from "./check.ts";

/** D4: what bounds the number of Citus' worker groups is the number of shards, which is chosen. */
export const workerLimit: Check = ({ workers, sharding }) => {
  const { groups, shards } = workers;
  if (sharding !== "citus" || 2 * groups <= shards) return null;
  return {
    id: "D4",
    severity: "note",
    title: "The number of shards bounds the number of workers",
    claim: "Citus takes at most 32 workers (Architecture Overview, limits).",
    truth:
      `32 is only the default of citus.shard_count; up to 2,048 nodes are tracked (citus.max_worker_nodes_tracked), and a ` +
      `table may have 64,000 shards. With ${shards} shards for ${groups} groups, twice as many groups would leave some without any.`,
    mend: `Set workers.shards to ${4 * groups} or more, so that workers can be added.`,
    source: "Citus 13.2: shared_library_init.c; pg_settings of a running coordinator.",
  };
};
