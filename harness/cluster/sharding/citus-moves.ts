/** Citus' own rebalancer, which moves shards in the background by logical replication. Statements for the coordinators' primary. */

/** The `holder` of each worker group that may hold shards. */
export const askInUse =
  "SELECT groupid::text AS holder FROM pg_dist_node " +
  "WHERE noderole = 'primary' AND groupid > 0 AND shouldhaveshards ORDER BY groupid";

/** Every `shard` of distributed tables, its `holder`, and what those that live together have in common, `unit`. */
export const askShards = `
  SELECT shardid::text AS shard, groupid::text AS holder, colocationid || ':' || shardminvalue AS unit
  FROM pg_dist_placement JOIN pg_dist_shard USING (shardid) JOIN pg_dist_partition USING (logicalrelid)
  WHERE partmethod = 'h' AND shardstate = 1`;

/** Whether there is nothing to move, `even`. */
export const askEven =
  "SELECT count(*) = 0 AS even FROM get_rebalance_table_shards_plan(rebalance_strategy := 'by_shard_count')";

/**
 * A function for whoever moves shards, made by the superuser of every group: what it calls changes pg_dist_node on all nodes
 * as its caller.
 */
export const makeMayHoldShards = `
CREATE FUNCTION public.dpg_may_hold_shards(citus_group int, may boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT citus_set_node_property(nodename, nodeport, 'shouldhaveshards', may) FROM pg_dist_node
  WHERE noderole = 'primary' AND groupid = citus_group AND shouldhaveshards <> may
$$;`;

/** Safe to run again. Shards stay where they are until the rebalancer moves them. */
export function mayHoldShards(citusGroup: number, may: boolean): string {
  return `SELECT dpg_may_hold_shards(${citusGroup}, ${may})`;
}

/** Gives the `job`; 0 where there is nothing to move. Not while another runs. `auto`: by logical replication, or not at all. */
export const startRebalancing =
  "SELECT citus_rebalance_start(rebalance_strategy := 'by_shard_count', shard_transfer_mode := 'auto')::text AS job";

/** Of a job its `state`; how often its tasks were `retried`, and the last `message` of one that was. */
export function askJob(job: string): string {
  return `
    SELECT state::text,
      (SELECT coalesce(max(retry_count), 0) FROM pg_dist_background_task AS task WHERE task.job_id = job.job_id)::int AS retried,
      (SELECT max(message) FROM pg_dist_background_task AS task WHERE task.job_id = job.job_id AND retry_count > 0) AS message
    FROM pg_dist_background_job AS job WHERE job_id = ${job}`;
}

/** The `shard`s that are on their way. */
export const askUnderWay = "SELECT shardid::text AS shard FROM get_rebalance_progress() WHERE progress = 1";

/** The size of these shards where they are now, `bytes`. */
export function askBytes(shards: readonly string[]): string {
  return `SELECT coalesce(sum(shard_size), 0)::bigint AS bytes FROM citus_shards WHERE shardid IN (${shards.join(", ")})`;
}

/** Every `job` that has not ended. */
export const askRunning =
  "SELECT job_id::text AS job FROM pg_dist_background_job WHERE state NOT IN ('finished', 'failed', 'cancelled')";

export function cancel(job: string): string {
  return `SELECT citus_job_cancel(${job})`;
}

/** Copies, slots, publications and subscriptions of moves that have ended. Not in a transaction. */
export const dropLeftovers = "CALL citus_cleanup_orphaned_resources()";
