/*
 *   agent ─► haproxy :5432 rw / :5433 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (Patroni: primary + 2 replicas)
 *                                                                       │ distributed tables, 128 shards each
 *                                                                       ▼
 *                                                 worker-1..4 (each a Patroni group of its own: a primary + b standby)
 *
 *            etcd-1..3 hold every group's leader key
 */
import type { Topology } from "../harness/model/topology.ts";
import { production } from "./production.ts";

/**
 * The documented enterprise system (AO, S13: 3 coordinators, 4 workers, 3 poolers) with the most shards that the document
 * allows (T11: 128), so that 4 groups can become 32: `--set workers.groups=8`, 16 and more, as far as the machine carries.
 * Every primary and standby of the document's StatefulSets is a container of this machine here, without the disks of 50
 * and 100 GB that it gives them.
 */
export const enterprise = {
  ...production,
  name: "enterprise",
  summary:
    "The documented enterprise system: 3 coordinators, 4 worker groups with standbys and 128 shards, to be grown.",
  workers: { ...production.workers, shards: 128 },
} satisfies Topology;
