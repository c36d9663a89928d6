/*
 *   agent ─► haproxy :5432 rw / :5433 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (Patroni: primary + 2 replicas)
 *                                                                       │ distributed tables
 *                                                                       ▼
 *                                                 worker-1..4 (each a Patroni group of its own: a primary + b standby)
 *
 *            etcd-1..3 hold every group's leader key
 *            guard-1..3, one beside each: a majority that sees the leader's node gone deletes its key
 */
import type { Topology } from "../harness/model/topology.ts";
import { production } from "./production.ts";

/**
 * Production with a leader guard for the coordinators. A lost, frozen or cut-off primary is noticed after 3 s, and not when
 * Patroni's lease of 20 s ends. The workers replicate asynchronously, and so are not guarded: an old primary of theirs that
 * wakes up could acknowledge writes that are lost.
 */
export const productionLeaderGuard = {
  ...production,
  name: "production-leader-guard",
  summary:
    "Production with a leader guard, which deletes the leader key of a node that is gone, and synchronous_mode on.",
  // Else candidates would ask the old leader over REST before they take the key, and wait 2 s for one that is frozen or cut off.
  guard: { ...production.guard, enabled: true, skipOldLeader: true },
  // With `quorum` the standby that was not promoted may confirm a commit of the old primary that wakes up just then, which is lost.
  coordinators: { ...production.coordinators, synchronousMode: "on" },
  // A check of a server that hangs fails only after `inter`, three times: with 2 s, the old primary of a node that is frozen or
  // cut off would get every other new connection for longer than its successor needs.
  haproxy: { ...production.haproxy, interMs: 1000 },
} satisfies Topology;
