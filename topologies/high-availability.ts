/*
 *   agent ─► haproxy :5432 rw / :5433 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (Patroni: primary + 2 replicas)
 *
 *            etcd-1..3 hold the leader key
 */
import type { Topology } from "../harness/model/topology.ts";
import { production } from "./production.ts";

/** What stands in front of the workers in production, with the very same settings, and no workers. */
export const highAvailability = {
  ...production,
  name: "high-availability",
  summary: "Three PostgreSQL under Patroni with etcd, PgBouncer and HAProxy; tables are not sharded.",
  workers: {
    groups: 0,
    membersPerGroup: 2,
    shards: 1,
    synchronousMode: "off",
    spareGroups: 0,
    readFromStandbys: false,
  },
  sharding: "none",
} satisfies Topology;
